# Was sich das Team genauer ansehen sollte. Jeder Hinweis steht für sich; keiner entscheidet etwas.
desk-signals = Auffälligkeiten
desk-signals-hint = Für einen zweiten Blick. Keine davon entscheidet etwas.

signal-whose-requester = Anfragende Person
signal-whose-successor = Neuer Kontakt
signal-whose-departed = Lizenzkontakt laut Register
signal-whose-record = Im Register

signal-look_alike = Domain zum Verwechseln ähnlich
signal-look_alike-text = Diese beiden Domains sind leicht zu verwechseln, aber nicht dieselben.
likeness-other_suffix = Derselbe Name mit anderer Endung.
likeness-characters = Zeichen aus einer anderen Schrift, die gleich aussehen.
likeness-shapes = Ähnlich aussehende Zeichen: rn statt m, vv statt w, 0 statt o oder 1 statt l.
likeness-spelling = Gleich bis auf Akzente oder die Schreibweise der Umlaute.
likeness-hyphens = Gleich bis auf Bindestriche.
likeness-one_letter = Ein Buchstabe mehr, weniger oder anders, oder zwei vertauscht.
likeness-in_front = Der bekannte Name steht nur vor einer fremden Domain.
likeness-extra_word = Der eine Name steckt im anderen.

signal-mixed_scripts = Domain mischt Schriften
signal-mixed_scripts-text = In einem Namen stehen Zeichen verschiedener Schriften nebeneinander, etwa lateinische und kyrillische. Bei echten Firmen kommt das so gut wie nie vor.

signal-internationalised = Domain mit Zeichen außerhalb von a bis z
signal-internationalised-text = Sie steht nicht im Register. Bitte vergleichen Sie beide Schreibweisen Zeichen für Zeichen.

signal-public_mail = Adresse bei einem öffentlichen Anbieter
signal-public_mail-text = { $kind ->
    [disposable] Dort gibt es Wegwerfadressen, die jeder anlegen kann.
   *[free] Dort bekommt jeder ein Postfach.
} Über die Firma sagt die Domain nichts.

signal-rejected_before = Schon einmal abgelehnt
signal-rejected_before-text = { $count ->
    [one] Eine frühere Anfrage aus dieser Richtung wurde abgelehnt.
   *[other] { $count } frühere Anfragen aus dieser Richtung wurden abgelehnt.
}

signal-contact_changed = Kontakt schon einmal gewechselt
signal-contact_changed-text = { $named ->
    [new] Als ausgeschieden ist jemand genannt, den erst ein früherer Vorgang eingetragen hat.
    [old] Als ausgeschieden ist jemand genannt, den ein früherer Vorgang schon ersetzt hat.
   *[other] Ein früherer Vorgang hat den Kontakt dieser Lizenz schon gewechselt.
} Noch hat kein Import das bestätigt, und kein Nachweis beruht darauf. Bitte klären Sie, ob beide Vorgänge stimmen können.

signal-other_claims = Weitere offene Vorgänge zu diesem Kunden
signal-other_claims-text = { $count ->
    [one] Ein weiterer Vorgang betrifft denselben Kunden oder dieselben Lizenzen.
   *[other] { $count } weitere Vorgänge betreffen denselben Kunden oder dieselben Lizenzen.
} Die Anfragenden wissen nichts voneinander, und dabei soll es bleiben.

signal-other_domain = Keine gemeinsame Domain
signal-other_domain-text = Die anfragende Person und der Lizenzkontakt laut Register haben Adressen verschiedener Domains, und die der anfragenden Person steht nicht im Register.

signal-successor_elsewhere = Neuer Kontakt von außerhalb
signal-successor_elsewhere-text = Diese Domain steht weder im Register, noch ist es die der anfragenden Person. An den neuen Kontakt gehen künftig Lizenzschlüssel und Sicherheitshinweise.

signal-first_contact = Erster Kontakt von dieser Domain
signal-first_contact-text = Von hier kam noch kein Vorgang, und im Register hat niemand eine solche Adresse.

signal-register_changed = Register kürzlich geändert
signal-register_changed-text = Nachweise aus dem Register sind nur so gut wie diese Änderungen. Bitte klären Sie, auf wen sie zurückgehen.
signal-changed-domains = Domains des Kunden, am { $at }
signal-changed-contacts = Kontakte von { $entitlement }, am { $at }
signal-changed-entitlement = Eintrag von { $entitlement }, am { $at }

signal-domain_moved = Domain im Register ist umgezogen
signal-domain_moved-text = { $what ->
    [mail_servers] Ihre E-Mails nehmen andere Server an als früher
   *[name_servers] Für sie antworten andere Nameserver als früher
}, bemerkt { $days ->
    [0] heute
    [one] gestern
   *[other] vor { $days } Tagen
}, am { $on }. Firmen wechseln den Anbieter, aber auch eine Domain, die jemand anderes übernommen hat, zieht um. Bitte fragen Sie auf einem anderen Weg nach.

signal-domain_new = Domain im Register ist verfallen
signal-domain_new-text = { $what ->
    [vanished] Es gibt sie nicht mehr, bemerkt
   *[appeared] Es gab sie nicht mehr, und jetzt gibt es sie wieder, bemerkt
} { $days ->
    [0] heute
    [one] gestern
   *[other] vor { $days } Tagen
}, am { $on }. Wer eine verfallene Domain neu registriert, bekommt deren E-Mails und muss nicht der Kunde sein.

signal-differs_from_register = Formular und Register widersprechen sich
signal-differs_from_register-text = { $what }: In der E-Mail steht, was das Register sagt, sofern niemand es berichtigt hat.
signal-differs-form = Anfrage: { $value }
signal-differs-record = Register: { $value }
fact-company = Firma
fact-customer_number = Kundennummer
fact-hosting = Hosting
fact-licences = Lizenzen
fact-renewal = Verlängerung
fact-departed_name = Name des Lizenzkontakts
fact-departed_email = Adresse des Lizenzkontakts
fact-departed_role = Rolle des Lizenzkontakts
fact-requester = Anfragende Person
fact-successor = Neuer Kontakt

signal-no_mail = Domain ohne Mailserver
signal-no_mail-text = { $refused ->
    [yes] Laut DNS nimmt diese Domain ausdrücklich keine E-Mails an.
   *[no] Im DNS steht für diese Domain kein Mailserver (MX). Firmen haben in aller Regel einen.
}

signal-mail_unknown = Mailserver ungeklärt
signal-mail_unknown-text = Ob diese Domain E-Mails annimmt, ist nicht bekannt: Die DNS-Server waren sich nicht einig oder haben nicht geantwortet.

signal-notice_unread = Benachrichtigung nicht angekommen
signal-notice_unread-text = Der Lizenzkontakt laut Register konnte unsere E-Mail nicht lesen. Dass niemand widerspricht, sagt dann wenig.

signal-said_absent = Abwesenheit statt Ausscheiden
signal-said_absent-text = Das Postfach des Lizenzkontakts laut Register antwortet automatisch, dass die Person abwesend ist und wiederkommt. Halten Sie hier an und klären Sie, ob sie das Unternehmen wirklich verlassen hat.

signal-said_left = Postfach meldet das Ausscheiden
signal-said_left-text = Das Postfach des Lizenzkontakts laut Register antwortet automatisch, dass die Person nicht mehr im Unternehmen ist. Diesen Text kann ändern, wer das Postfach verwaltet.

signal-renewal_near = Zeitdruck durch die Verlängerung
signal-renewal_near-text = { $when ->
    [past] Sie war { $days ->
        [one] gestern, am { $on },
       *[other] vor { $days } Tagen, am { $on },
    } fällig.
   *[ahead] Sie ist { $days ->
        [0] heute, am { $on },
        [one] morgen, am { $on },
       *[other] in { $days } Tagen, am { $on },
    } fällig.
} Eile ist kein Grund, eine Prüfung auszulassen.

signal-like_mailbox = Zwei Adressen führen vermutlich in ein Postfach
signal-like_mailbox-text = Es geht um: { $one } und { $other }. Ihre Adressen unterscheiden sich nur durch Punkte oder einen Zusatz vor dem @. Bei vielen Anbietern ist das dasselbe Postfach; dann stimmt eine Person für beide zu.
signal-requester_is_successor = Anfragende Person wird selbst Kontakt
signal-requester_is_successor-text = Das ist üblich. Es gibt dann aber niemanden, dessen Zustimmung die Anfrage zusätzlich stützt.
