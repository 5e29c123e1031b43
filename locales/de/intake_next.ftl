# Was die Kundenseite tun kann, damit die Prüfung vorankommt. Hier steht dasselbe, was auch immer im Register steht.
intake-next-title = Das können Sie tun

intake-next-successor = { $successor } Bescheid geben
intake-next-successor-text = Wir schreiben an die Adresse, die Sie uns genannt haben, und bitten um Zustimmung. Manchmal landet unsere E-Mail im Spam-Ordner.
intake-next-address-link = Adresse falsch? Berichtigen
intake-next-successor-accepted = { $successor } hat zugestimmt
intake-next-successor-accepted-text = Mehr ist dazu nicht nötig.
intake-next-successor-declined = { $successor } möchte nicht Kontaktperson werden
intake-next-successor-declined-text = Bitte ziehen Sie diese Anfrage zurück und stellen Sie eine neue, in der Sie jemand anderen nennen.

intake-next-public-mail = Besser eine geschäftliche Adresse verwenden
intake-next-public-mail-text = Bei { $provider } bekommt jeder ein Postfach. Dass Sie für Ihr Unternehmen sprechen, zeigt diese Adresse deshalb nicht. Haben Sie eine geschäftliche, dann ziehen Sie diese Anfrage am besten zurück und stellen sie von dort neu.

intake-next-ways = So geht es schneller
intake-next-proofs = { $count ->
    [one] Wir brauchen einen Nachweis dafür, dass die Anfrage von Ihrem Unternehmen kommt.
    [2] Wir brauchen zwei voneinander unabhängige Nachweise dafür, dass die Anfrage von Ihrem Unternehmen kommt.
    [3] Wir brauchen drei voneinander unabhängige Nachweise dafür, dass die Anfrage von Ihrem Unternehmen kommt.
   *[other] Wir brauchen { $count } voneinander unabhängige Nachweise dafür, dass die Anfrage von Ihrem Unternehmen kommt.
}{ $others ->
    [0] {""}
    [one] {" "}Einer davon muss in der Regel von jemandem kommen, der weder anfragt noch neuer Kontakt wird.
   *[other] {" "}{ $others } davon müssen in der Regel von Personen kommen, die weder anfragen noch neuer Kontakt werden.
} Um das meiste kümmern wir uns; auf diesen Wegen können Sie helfen.

intake-next-domain-offered = DNS-Eintrag setzen lassen
intake-next-domain-offered-text = Ihre IT setzt einen Eintrag im DNS von { $domain }. Das geht oft am schnellsten.
intake-next-domain-waiting = DNS-Eintrag setzen lassen
intake-next-domain-waiting-text = Bitte geben Sie den Eintrag an Ihre IT weiter. Wir sehen regelmäßig nach.
intake-next-domain-seen = Der DNS-Eintrag ist da
intake-next-domain-seen-text = Bitte lassen Sie ihn stehen, bis der Vorgang abgeschlossen ist.
intake-next-domain-link = Zum DNS-Eintrag

intake-next-callback = Mit einem Anruf von uns rechnen
intake-next-callback-text = Liegt uns eine Telefonnummer Ihres Unternehmens vor, rufen wir dort an, nie unter einer Nummer aus dem Formular. Sagen Sie Bescheid, dass wir nach diesem Wechsel fragen könnten.

intake-next-vouch = Im Kollegenkreis Bescheid sagen
intake-next-vouch-text = Ist bei uns noch jemand aus Ihrem Unternehmen als Kontakt eingetragen, bitten wir vielleicht auch diese Person um eine Bestätigung.
intake-next-vouch-link = Jemanden nennen

intake-next-document = Ein unterschriebenes Schreiben bereithalten
intake-next-document-text = Auf Briefpapier, unterschrieben von jemandem, der Ihr Unternehmen vertreten darf. Es ergänzt die anderen Nachweise.
intake-next-document-link = Schreiben hochladen

intake-next-waits = Worauf wir warten müssen
intake-next-notice = Die Frist für einen Widerspruch
intake-next-notice-text = Wer als Kontakt eingetragen ist, muss Gelegenheit haben zu widersprechen. Das dauert einige Werktage, auch wenn alles andere schon geklärt ist.
