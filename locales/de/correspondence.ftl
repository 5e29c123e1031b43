# Eingehende E-Mails: was daraus wurde und warum.
event-mail_filed = hat eine E-Mail dem Vorgang zugeordnet ({ $writer })
writer-requester = Anfragende Person
writer-successor = Neue Kontaktperson
writer-departed_contact = Lizenzkontakt laut Register
writer-registered_contact = Weiterer Kontakt laut Register
writer-atlassian = Atlassian
writer-mail_server = Mailserver
writer-other = jemand anderes

# Warum eine Nachricht keinem Vorgang zugeordnet ist.
inbound-too-large = Sie ist größer, als Handover annimmt. Nur ihr Kopf wurde aufbewahrt; die E-Mail selbst liegt im Postfach oder ging an den Absender zurück.
inbound-unfetchable = Der Mailserver brach beim Abholen dieser E-Mail immer wieder ab. Bitte sehen Sie im Postfach nach.
inbound-unreadable = Sie ließ sich nicht zu Ende lesen. Ihr Original ist aufbewahrt.
inbound-erased = Die Inhalte des Vorgangs, zu dem sie gehört, sind gelöscht.
inbound-no-address = Sie ging an unsere allgemeine Adresse. Eine Vorgangsnummer im Betreff beweist nichts.
inbound-contradiction = Ihre Kennzeichen nennen verschiedene Vorgänge.
inbound-unknown-sender = Der Absender gehört nicht zu den Personen des Vorgangs.
inbound-other-party = Sie beantwortet eine E-Mail, die an jemand anderen ging. Der Absender gehört zum Vorgang, hatte aber diese Antwortadresse nicht von uns.
inbound-atlassian-elsewhere = Sie kommt von Atlassian, beantwortet aber keine unserer Anfragen an Atlassian. Atlassians Systeme schreiben auch aus anderen Gründen, und diese Antwortadresse war nicht für Atlassian bestimmt.
inbound-no-author = Sie hat keinen Absender oder mehrere: Was angezeigt wird, muss nicht sein, was geprüft wurde.
inbound-not-configured = Die Absenderprüfung ist nicht eingerichtet. Bitte informieren Sie die Administration.
inbound-no-results = Unser Mailserver hat nicht vermerkt, ob der Absender echt ist.
inbound-unauthenticated = Unser Mailserver konnte nicht bestätigen, dass der Absender echt ist (SPF, DKIM, DMARC).
inbound-not-genuine = Unsere eigene Prüfung (SPF, DKIM, DMARC) konnte nicht bestätigen, dass der Absender echt ist.
inbound-unclear = Die Nameserver konnten stundenlang keine Auskunft geben, ob der Absender echt ist.
inbound-too-many = Von diesem Absender oder zu dieser E-Mail kam binnen einer Stunde zu viel. Vielleicht antwortet dort ein Automat.
inbound-foreign-bounce = Ein Bericht über eine E-Mail, die nicht von uns ist: Er trägt weder unsere Message-ID noch unsere Rücksendeadresse.
inbound-staff-bounce = Ein Bericht über eine E-Mail an jemanden von uns. Sie gehört zu keinem Vorgang; wen sie nicht erreichte, steht im Bericht.
inbound-caseless-bounce = Ein Bericht über eine E-Mail an jemanden außerhalb aller Vorgänge. Sie steht unter „Vorbereitet“ als unzustellbar.
inbound-shared-bounce = Ein Bericht an eine Rücksendeadresse, die mehrere Empfänger kennen: Er nennt nicht unsere E-Mail, um die es geht.

inbound-kind-reply = Antwort
inbound-kind-bounce = Unzustellbar
inbound-kind-auto_reply = Automatische Antwort
inbound-kind-other = Neue E-Mail

# Was neben dem Text einer Nachricht zu wissen ist.
inbound-remark-shortened = Zitierte E-Mails oder die Signatur sind hier ausgeblendet. Vollständig ist das Original.
inbound-remark-uncut = Was der Absender selbst geschrieben hat, ließ sich nicht von Zitiertem trennen. Der Text steht hier ungekürzt.
inbound-remark-cut_short = Die E-Mail ist länger, als hier gezeigt wird. Vollständig ist das Original.
inbound-remark-signed = Die E-Mail ist elektronisch unterschrieben (S/MIME) und so verpackt, dass Handover ihren Text nicht lesen kann. Öffnen Sie das Original in einem E-Mail-Programm.
inbound-remark-encrypted = Die E-Mail ist verschlüsselt. Handover kann sie nicht lesen; bitten Sie um eine unverschlüsselte Antwort.
inbound-remark-tnef = Outlook hat die E-Mail ganz oder zum Teil in eine eigene Datei verpackt (winmail.dat), die Handover nicht lesen kann. Öffnen Sie das Original in Outlook.
inbound-remark-only_files = Die E-Mail enthält keinen Text, nur Dateien.
inbound-remark-held_link = Darin stand ein persönlicher Link. Er gilt nicht mehr; wo er noch gebraucht wird, senden wir einen neuen, höchstens drei am Tag.
inbound-remark-empty = Die E-Mail enthält keinen Text.
inbound-files = Anhänge und Original
inbound-original = die E-Mail, wie sie ankam ({ $size } Bytes)
inbound-file-kind-pdf = PDF
inbound-file-kind-image = Bild
inbound-file-kind-media = Ton oder Film
inbound-file-kind-document = Dokument
inbound-file-kind-text = Text
inbound-file-kind-message = E-Mail
inbound-file-kind-report = Zustellbericht
inbound-file-kind-calendar = Kalendereintrag
inbound-file-kind-contact = Visitenkarte
inbound-file-kind-archive = Archiv
inbound-file-kind-signature = elektronische Unterschrift
inbound-file-kind-sealed = unterschrieben oder verschlüsselt
inbound-file-kind-tnef = Outlook-Datei
inbound-file-kind-other = Datei
inbound-file-infected = Der Virenscanner hat in diesem Anhang etwas gefunden. Er wird nicht herausgegeben.
inbound-file-not-scanned = Der Virenscanner konnte diesen Anhang nicht prüfen. Bitte versuchen Sie es später noch einmal.

quarantine-title = Quarantäne
quarantine-open = Ansehen
quarantine-count = { $count ->
    [0] Keine eingegangene E-Mail ohne Vorgang
    [one] Eine eingegangene E-Mail ohne Vorgang
   *[other] { $count } eingegangene E-Mails ohne Vorgang
}
quarantine-text = Keine Regel konnte diese E-Mails mit Sicherheit zuordnen. Ordnen Sie eine E-Mail nur zu, wenn Sie sicher sind, wer sie geschrieben hat.
quarantine-empty = Keine E-Mail wartet. Was eingegangen ist, gehört zu einem Vorgang oder wurde verworfen.
quarantine-collecting = Das Abholen der E-Mails funktioniert nicht
quarantine-no-subject = (ohne Betreff)
quarantine-from = Absender (ungeprüft)
quarantine-kind = Art
quarantine-source = Original
quarantine-message-text = Text
quarantine-case = Vorgangsnummer
quarantine-writer = Geschrieben von
quarantine-release = Dem Vorgang zuordnen
quarantine-discard = Verwerfen
quarantine-no-such-case = Einen Vorgang mit dieser Nummer gibt es nicht.
quarantine-no-reason = Bitte begründen Sie es in wenigen Worten und ohne Passwörter.
notice-quarantine-released = Die E-Mail gehört jetzt zum Vorgang.
notice-quarantine-discarded = Die E-Mail wurde verworfen. Ihr Original bleibt aufbewahrt.
notice-quarantine-gone = Über diese E-Mail hat schon jemand entschieden.

correspondence-released = von uns zugeordnet
correspondence-delayed = verzögert
correspondence-unreached = nicht erreicht:
correspondence-suggestion = Lautet vermutlich:
answer-left = Die Person ist nicht mehr im Unternehmen
answer-absent = Die Person ist abwesend und kommt wieder

evidence-notice_returned = Die E-Mail vom { $sent_at } kam am { $returned_at } zurück: Das Postfach gibt es nicht mehr.
delivery-bounced = zurückgekommen
