# Die Wörter der Regeln: Stand, Beteiligte, Prüfungen, Ereignisse, Ablehnungen. Die Schlüssel folgen den Wörtern des Programms.

## Wo der Vorgang steht
state-unconfirmed = Unbestätigt
state-verifying = In Prüfung
state-awaiting_customer = Rückfrage
state-contested = Strittig
state-verified = Geprüft
state-awaiting_approval = Zur Freigabe
state-submitted = Wird versendet
state-with_atlassian = Bei Atlassian
state-awaiting_confirmation = Zugang prüfen
state-closed = Abgeschlossen

outcome-completed = Erledigt
outcome-self_service = Selbst gelöst
outcome-rejected = Abgelehnt
outcome-withdrawn = Zurückgezogen
outcome-expired = Verfallen
outcome-duplicate = Doppelt
outcome-declined_by_atlassian = Von Atlassian abgelehnt

## Auf wen gewartet wird
party-us = Wartet auf uns
party-customer = Wartet auf Kunden
party-departed_contact = Wartet auf Lizenzkontakt
party-voucher = Wartet auf weiteren Kontakt
party-atlassian = Wartet auf Atlassian
party-nobody = Wartet auf niemanden

## Wer handelt
actor-requester = Anfragende Person
actor-successor = Neue Kontaktperson
actor-departed_contact = Lizenzkontakt laut Register
actor-registered_contact = Weiterer Kontakt laut Register
actor-atlassian = Atlassian
actor-system = Handover
actor-staff = Mitarbeitende

## Angaben
hosting-data_center = Data Center
hosting-cloud = Cloud
hosting-cloud_partner_managed = Cloud, von uns verwaltet
hosting-unknown = dem Kunden nicht bekannt
contact-role-technical = technischer Kontakt
contact-role-billing = Abrechnungskontakt
contact-role-both = technischer Kontakt und Abrechnungskontakt
language-de = Deutsch
language-en = Englisch

## Prüfungen
check-requester_email = Postfach der anfragenden Person
check-entitlement = Lizenz im Register
check-recorded_contact = Lizenzkontakt laut Register
check-domain_register = Domain im Register
check-domain_dns = DNS-Eintrag
check-departed_notice = Benachrichtigung des Lizenzkontakts
check-successor = Zustimmung des neuen Kontakts
check-vouch = Bestätigung durch einen weiteren Kontakt
check-callback = Rückruf
check-document = Dokument

verdict-pending = offen
verdict-passed = bestanden
verdict-failed = nicht bestanden
verdict-inconclusive = nicht eindeutig
verdict-waived = verzichtet

evidence-none = Noch kein Ergebnis.
evidence-link_used = Der Link an dieses Postfach wurde benutzt.
evidence-in_register = Alle genannten Lizenzen gehören zu einem Kunden im Register.
evidence-not_in_register = { $asked ->
    [one] Die genannte Lizenz steht nicht im Register.
   *[other] Im Register { $found ->
        [0] steht keine
        [one] steht eine
       *[other] stehen { $found }
    } der { $asked } genannten Lizenzen.
}
evidence-several_customers = Die genannten Lizenzen gehören im Register verschiedenen Kunden.
evidence-contact_on_record = Die Adresse steht im Register als Kontakt aller genannten Lizenzen, in der Rolle, um die es geht.
evidence-contact_not_on_record = Im Register steht ein anderer Kontakt.
evidence-contact_in_other_role = Die Adresse steht im Register, aber nicht in der Rolle, die wechseln soll. Diese Rolle hat dort jemand anderes.
evidence-contact_not_primary = Die Adresse steht im Register in dieser Rolle, Hauptkontakt (Primary) ist dort aber jemand anderes. Wer Hauptkontakt ist, kann die Änderung meist selbst vornehmen.
evidence-entitlement_unknown = Ohne Lizenz im Register lässt sich das nicht prüfen.
evidence-contact_address_unknown = Der Kunde weiß nicht, unter welcher Adresse der Lizenzkontakt eingetragen ist. Benachrichtigt werden deshalb alle im Register, deren Rolle wechseln würde.
evidence-domain_matches = Die Domain der anfragenden Person steht bei diesem Kunden.
evidence-domain_differs = Bei diesem Kunden stehen andere Domains oder keine.
evidence-free_mail_domain = Bei diesem Anbieter bekommt jeder eine Adresse.
evidence-disposable_domain = Bei diesem Anbieter gibt es Wegwerfadressen, die jeder anlegen kann.
evidence-domain_shared = Mehrere Kunden teilen sich diese Domain.
evidence-notice_sent = { $times ->
    [one] Benachrichtigt am { $sent_at }.
   *[other] Benachrichtigt seit { $sent_at }, bisher { $times } Mal.
} Die Frist für einen Widerspruch läuft bis { $window_ends_at }.
evidence-no_objection = { $times ->
    [one] Nach einer E-Mail
   *[other] Nach { $times } E-Mails
} kein Widerspruch bis { $window_ends_at }. Das ist keine Zustimmung.
evidence-said_left = Das Postfach hat am { $said_at } automatisch geantwortet, dass der Kontakt ausgeschieden ist. Wer das Postfach verwaltet, kann das eintragen.
evidence-contact_away = Das Postfach hat am { $said_at } automatisch geantwortet, dass der Kontakt abwesend ist und wiederkommt. Klären Sie zuerst, ob er wirklich ausgeschieden ist.
evidence-notice_undeliverable = Die E-Mail vom { $sent_at } war nicht zustellbar.
evidence-nobody_to_notify = Es gibt keinen Kontakt im Register, der benachrichtigt werden kann.
evidence-objected = Es wurde Widerspruch eingelegt.
evidence-invitation_sent = Um Zustimmung gebeten am { $sent_at }.
evidence-accepted = Hat über den Link zugestimmt.
evidence-declined = Hat über den Link abgelehnt.
evidence-same_as_requester = Ist die anfragende Person; deren Postfach ist bestätigt.
evidence-challenge_set = Der DNS-Eintrag ist angefordert; noch zeigt ihn niemand.
evidence-challenge_unclear = Die befragten DNS-Server sind sich nicht einig, oder einer antwortet nicht. Wir fragen weiter.
evidence-challenge_seen = Alle befragten DNS-Server zeigen unser Kennzeichen; die Domain steht nur bei diesem Kunden.
evidence-challenge_elsewhere = Der DNS-Eintrag ist da, aber die Domain steht im Register nicht allein bei diesem Kunden.
evidence-challenge_not_seen = Der DNS-Eintrag wurde in der Frist nicht gesetzt oder wieder entfernt.
evidence-vouch_requested = Ein weiterer Kontakt laut Register ist um Bestätigung gebeten am { $sent_at }.
evidence-vouched = Ein weiterer Kontakt laut Register hat bestätigt.
evidence-vouch_refused = Ein weiterer Kontakt laut Register hat widersprochen.
evidence-no_longer_on_record = Der Kontakt, auf dem das beruhte, steht nicht mehr im Register.
evidence-nobody_to_ask = Im Register steht kein weiterer Kontakt, der nicht selbst beteiligt ist.
evidence-called = { $name } hat { $whose } unter der Nummer laut Register angerufen. { $who ->
    [requester] Das ist die anfragende Person selbst, nicht jemand Drittes.
    [successor] Das ist die Person, die neuer Kontakt werden soll.
   *[contact] Das ist nicht der Lizenzkontakt, um den es geht.
}
evidence-staff_decision = Entschieden von { $name }.
evidence-without_others = { $name } hat entschieden, dass niemand außer den Anfragenden gehört werden muss.

## Was noch fehlt
gap-requester_email = Die anfragende Person hat ihr Postfach noch nicht bestätigt.
gap-entitlement = Die Lizenz ist noch nicht im Register gefunden.
gap-recorded_contact = Der Lizenzkontakt ist noch nicht mit dem Register abgeglichen.
gap-domain_register = Die Domain ist noch nicht mit dem Register abgeglichen.
gap-domain_dns = Der DNS-Eintrag fehlt noch.
gap-departed_notice = Die Frist des Lizenzkontakts für einen Widerspruch ist noch nicht vorbei.
gap-window = Der Lizenzkontakt kann noch bis { $ends_at } widersprechen.
gap-successor = Die neue Kontaktperson hat noch nicht zugestimmt.
gap-vouch = Die Bestätigung durch einen weiteren Kontakt fehlt noch.
gap-callback = Der Rückruf steht noch aus.
gap-document = Das Dokument ist noch nicht geprüft.
gap-unclear = „{ $check }“ ist nicht bestanden. Eine Person mit Freigaberecht kann auf die Prüfung verzichten.
gap-expired = „{ $check }“ ist abgelaufen und zählt nicht mehr.
gap-unknown-hosting = Niemand weiß, ob die Produkte in der Cloud oder auf Data Center laufen. Davon hängt ab, an wen die E-Mail geht. Fragen Sie den Kunden oder sehen Sie in seinen Rechnungen nach, und berichtigen Sie dann die Angaben.
gap-unknown-departed_email = Niemand weiß, unter welcher Adresse der Lizenzkontakt eingetragen ist. Alle, deren Rolle im Register wechseln würde, sind benachrichtigt. Bis feststeht, wer davon ausgeschieden ist, kann niemand aus dem Register für die Anfrage sprechen. Gleichen Sie den Namen mit dem Register ab, fragen Sie im Zweifel den Kunden, und berichtigen Sie dann die Angaben.
gap-roots = { $count ->
    [one] Es fehlt ein Nachweis, den nicht vortäuschen kann, wer das Bisherige in der Hand hat
   *[other] Es fehlen { $count } Nachweise, die nicht ein und dieselbe Person vortäuschen kann
}: { $checks }.
gap-outside_domain = { $count ->
    [one] Es fehlt ein Nachweis, der nicht an einer Domain hängt
   *[other] Es fehlen { $count } Nachweise, die nicht an einer Domain hängen
}: { $checks }.
gap-from_others = { $count ->
    [one] Es wurde noch niemand gehört außer denen, die anfragen
   *[other] Es fehlen { $count } Nachweise von Personen, die nicht selbst anfragen
}: { $checks }. Ist dafür niemand verzeichnet, bleibt ein geprüftes Dokument; eine Person mit Freigaberecht kann dann mit Begründung auf die Bestätigung durch andere verzichten.
gap-blocked = „{ $check }“ ist nicht bestanden und hält den Vorgang auf.
gap-or = { " " }oder { "" }

## Woran ein Nachweis hängt
root-domain = Domain { $name }
root-mailbox = Postfach von { $name }
root-person = { $name } selbst
root-line = Telefonanschluss von { $name }
root-paper = Briefkopf und Unterschrift
root-staff = Wort von { $name }
roots-one = Alles bisher hängt an einem: { $root }.
roots-several = Um alles bisher vorzutäuschen, müsste jemand { $count } Dinge in der Hand haben: { $roots }.
roots-check = Hängt an: { $roots }.

## Was geschah: nach der Person, die es tat
event-opened = hat den Vorgang eröffnet
event-prepared = hat die Anfrage nach einem Anruf oder einer E-Mail vorbereitet; der Kunde hat sie vervollständigt und gesendet
event-confirmed = hat die Anfrage bestätigt
event-expired = hat den Vorgang geschlossen: nicht rechtzeitig bestätigt
event-withdrawn = hat die Anfrage zurückgezogen
event-check_recorded = hat geprüft: { $check } – { $verdict }
event-confirmed_again = hat das Postfach erneut bestätigt
event-check_requested = hat erneut prüfen lassen: { $check }
event-reconsidered = hat den Vorgang neu bewertet: Eine Prüfung ist abgelaufen, oder die Regeln haben sich geändert
event-contact_gone = hat bemerkt, dass der Kontakt nicht mehr im Register steht: { $check }
event-check_postponed = versucht es später noch einmal: { $check }
event-domain_challenge_started = hat den Nachweis durch DNS begonnen
event-departed_contact_notified = hat den Lizenzkontakt laut Register benachrichtigt; Widerspruch bis { $window_ends_at }
event-successor_invited = hat die neue Kontaktperson um Zustimmung gebeten
event-vouch_requested = hat einen weiteren Kontakt laut Register um Bestätigung gebeten
event-vouched = hat bestätigt
event-called = hat unter der Nummer laut Register angerufen: { $verdict }
event-check_decided = hat entschieden: { $check } – { $verdict }
event-check_waived = hat auf die Prüfung verzichtet: { $check }
event-succession_accepted = hat zugestimmt
event-succession_declined = hat abgelehnt
event-objected = hat Widerspruch eingelegt
event-second_claim_recorded = hat einen zweiten Anspruch auf dieselbe Lizenz bemerkt: { $other }
event-objection_dismissed = hat den Widerspruch zurückgewiesen
event-objection_upheld = hat dem Widerspruch stattgegeben
event-customer_asked = hat eine Rückfrage gestellt
event-answered = hat die Rückfrage beantwortet
event-customer_told = { $topic ->
    [voucher] hat jemanden genannt, der den Wechsel bestätigen könnte
   *[other] teilt mit, dass Atlassian direkt geschrieben hat
}
event-address_corrected = { $whose ->
    [departed] hat die Adresse des eingetragenen Kontakts berichtigt; was auf der alten beruhte, wird erneut geprüft
   *[other] hat die Adresse des neuen Kontakts berichtigt; was auf der alten beruhte, wird erneut geprüft
}
event-drafted = hat einen Entwurf zur Freigabe vorgelegt
event-draft_returned = hat den Entwurf zurückgegeben
event-facts_corrected = hat berichtigt: { $what }
event-approved = hat die E-Mail an Atlassian freigegeben
event-delivered = hat die E-Mail an Atlassian gesendet
event-delivery_failed = konnte die E-Mail an Atlassian nicht zustellen
event-recalled = hat die E-Mail an Atlassian zurückgezogen
event-atlassian_answered = hat die Antwort von Atlassian festgehalten: { $answer }
event-access_confirmed = hat den Zugang bestätigt
event-access_reported = hat gesagt, dass der Zugang klappt
event-no_access_reported = hat gemeldet, dass der Zugang noch fehlt
event-rejected = hat den Vorgang abgelehnt
event-closed = hat den Vorgang geschlossen: { $outcome }
event-reopened = hat den Vorgang wieder geöffnet
event-held = hat das Löschen ausgesetzt
event-hold_lifted = hat das Löschen wieder zugelassen
event-assigned = { $mode ->
    [taken] hat den Vorgang übernommen
    [given] hat den Vorgang { $owner } zugewiesen
   *[dropped] hat den Vorgang abgegeben
}
event-referred = { $given ->
    [true] hat das eigene Zeichen eingetragen
   *[false] hat das eigene Zeichen entfernt
}
event-note_added = hat eine Notiz geschrieben
event-seen = hat angesehen, was eingegangen ist
event-reminded = hat noch einmal erinnert
event-email_retried = hat eine E-Mail noch einmal gesendet

answer-done = Die Änderung ist gemacht
answer-told_customer = Atlassian hat dem Kunden direkt geantwortet
answer-question = Atlassian hat eine Rückfrage
answer-declined = Atlassian lehnt ab

## Was Mitarbeitende tun können
action-check_again = Erneut prüfen
action-waive_check = Auf die Prüfung verzichten
action-save_draft = Zur Freigabe vorlegen
action-correct_facts = Angaben berichtigen
action-return_draft = Entwurf zurückgeben
action-recall = E-Mail zurückziehen
action-reopen = Wieder öffnen
action-assign = Zuweisen
action-refer = Zeichen speichern
action-retry_email = E-Mail noch einmal senden
action-remind = Erinnerung senden
action-mark_seen = Als gesehen markieren

## Schreiben
notification-confirmation_request = Bitte um Bestätigung
notification-prepared_request = Vorbereitetes Formular
notification-form_link = Link zum Formular
notification-confirmation_reminder = Erinnerung an die Bestätigung
notification-confirmation_renewal = Bitte um erneute Bestätigung
notification-case_confirmed = Eingangsbestätigung
notification-successor_invitation = Bitte um Zustimmung
notification-departed_notice = Benachrichtigung des Lizenzkontakts
notification-contact_notice = Benachrichtigung eines weiteren Kontakts laut Register
notification-vouch_request = Bitte um Bestätigung durch einen weiteren Kontakt
notification-question = Rückfrage
notification-request_submitted = Mitteilung: liegt bei Atlassian
notification-access_confirmation_request = Bitte, den Zugang zu prüfen
notification-contact_question = Jährliche Frage an einen Kontakt im Register
notification-successor_access_request = Bitte an die neue Kontaktperson, den Zugang zu prüfen
notification-case_closed = Abschluss
notification-case_reopened = Vorgang wieder geöffnet
notification-objection_answered = Antwort auf den Widerspruch
notification-link_replaced = Neuer Link
notification-files_received = Empfangsbestätigung für Dateien
notification-proofs_complete = Mitteilung: nichts fehlt mehr
notification-successor_briefing = Mitteilung an die neue Kontaktperson: Atlassian ist gebeten
notification-successor_outcome = Abschluss, an die neue Kontaktperson
notification-objection_received = Empfangsbestätigung für einen Widerspruch
notification-contact_outcome = Abschluss, an einen benachrichtigten Kontakt
notification-staff_news = Neuigkeiten für das Team
notification-delivery_test = Probe des E-Mail-Versands
notification-atlassian_request = E-Mail an Atlassian

## Warum es nicht geht
refusal-not-yours = Das ist nicht Ihre Entscheidung.
refusal-role-too-low = Ihre Rolle erlaubt das nicht. Bitten Sie jemanden mit Freigaberecht.
refusal-not-now = Das geht in diesem Stand des Vorgangs nicht.
refusal-closed = Der Vorgang ist abgeschlossen.
refusal-erased = Die Inhalte dieses Vorgangs sind gelöscht. Er wird nicht wieder aufgenommen.
refusal-already-held = Das Löschen ist für diesen Vorgang schon ausgesetzt.
refusal-not-held = Das Löschen ist für diesen Vorgang nicht ausgesetzt.
refusal-own-draft = Sie haben diesen Entwurf geschrieben. Freigeben muss ihn eine zweite Person (Vier-Augen-Prinzip).
refusal-own-check = Sie haben eine Prüfung dieses Vorgangs entschieden, Angaben berichtigt oder die Anfrage vorbereitet. Freigeben muss eine andere Person (Vier-Augen-Prinzip).
refusal-second-factor-not-fresh = Zeigen Sie bitte Ihren zweiten Faktor noch einmal: Für die Freigabe muss er frisch sein. Wer sich über einen Identitätsanbieter anmeldet, meldet sich dafür neu an.
refusal-second-factor-missing = Ihre Rolle verlangt einen zweiten Faktor. Richten Sie erst einen ein, unter „Zweiter Faktor“ am Fuß jeder Seite.
refusal-second-factor-not-shown = Sie haben einen zweiten Faktor und haben ihn in dieser Sitzung noch nicht gezeigt. Das geht unter „Zweiter Faktor“ am Fuß jeder Seite.
refusal-draft-changed = Der Entwurf ist nicht mehr der, den Sie gesehen haben. Bitte lesen Sie ihn noch einmal.
refusal-evidence-changed = Eine Prüfung hat sich geändert, seit der Entwurf geschrieben wurde. Bitte legen Sie ihn neu zur Freigabe vor.
refusal-facts-changed = Die Angaben haben sich geändert, seit der Entwurf geschrieben wurde, etwa durch einen Import. Bitte legen Sie ihn neu zur Freigabe vor.
refusal-nothing-corrected = Bitte geben Sie mindestens eine Angabe ein, die falsch ist.
refusal-policy-not-satisfied = Die Prüfungen reichen nicht oder nicht mehr aus.
refusal-already-decided = Das ist schon entschieden.
refusal-not-decided-by-staff = Diese Prüfung wird nicht von Mitarbeitenden entschieden.
refusal-no-voucher = Diese Person steht nicht als Kontakt dieser Lizenzen im Register, oder sie ist selbst beteiligt.
refusal-departed-number = Diese Nummer hat laut Register nur der Kontakt, der ausgeschieden sein soll. Wer dort abnimmt, beweist nichts. Rufen Sie jemand anderen an.
refusal-departed-unknown = Noch weiß niemand, welcher Kontakt aus dem Register ausgeschieden ist. Es könnte auch diese Person sein. Tragen Sie zuerst die Adresse des ausgeschiedenen Kontakts nach, unter „Angaben berichtigen“.
refusal-address-stated = Diese Adresse hat der Kunde angegeben. Nur er kann sie ändern, mit einer neuen Anfrage.
refusal-address-involved = Das ist die Adresse der anfragenden Person oder der neuen Kontaktperson. Sie kann nicht zugleich die des ausgeschiedenen Kontakts sein.
refusal-facts-unknown = Die E-Mail müsste etwas behaupten, das niemand weiß: die Adresse des Lizenzkontakts oder das Hosting. Berichtigen Sie zuerst die Angaben.
refusal-not-on-record = Diese Nummer steht nicht im Register. Es zählt nur ein Anruf unter einer Nummer, die wir schon kannten.
refusal-too-early = Dafür ist es noch zu früh.
refusal-nobody-to-remind = Auf der Seite des Kunden ist gerade niemand etwas gefragt.
refusal-reminded-enough = Es wurde schon so oft erinnert, wie die Einstellungen es vorsehen.
refusal-nothing-new = Es ist nichts Neues eingegangen, oder jemand hat es schon angesehen.
refusal-too-many-claims = Gegen diesen Vorgang stehen schon so viele andere, dass wir keinen mehr hinzufügen. Er ruht trotzdem.
refusal-nothing-sent = Es wurde noch nichts an Atlassian gesendet, also gibt es keine Antwort.
refusal-address-taken = Diese Adresse gehört bereits jemand anderem in dieser Anfrage. Jede Person braucht ein eigenes Postfach.
refusal-corrected-enough = In dieser Anfrage wurden schon mehrmals Adressen berichtigt. Bitte ziehen Sie sie zurück und stellen Sie eine neue.
refusal-told-enough = Sie haben uns schon einiges mitgeteilt. Bitte warten Sie, bis jemand aus unserem Team es gelesen hat.

## Freier Text
text-empty = Bitte füllen Sie dieses Feld aus.
text-too-long = Bitte kürzen Sie den Text auf höchstens { $most } Zeichen.
text-holds-password = Der Text scheint ein Passwort zu enthalten. Wir nehmen keine Passwörter an, denn wir brauchen sie nicht und wollen sie nicht aufbewahren. Bitte entfernen Sie es – und ändern Sie es, falls Sie es schon einmal versendet haben.
text-holds-link = Der Text enthält einen persönlichen Link aus einer unserer E-Mails. Wer ihn liest, kann ihn benutzen. Bitte entfernen Sie ihn.
text-holds-licence-key = Der Text scheint einen Lizenzschlüssel zu enthalten. Wir brauchen nur die Nummer der Lizenz (SEN oder Entitlement-Nummer, E-…), nie den Schlüssel. Bitte entfernen Sie ihn.
