# Eingehende E-Mails: was daraus wurde und warum.
event-mail_filed = hat eine E-Mail zum Vorgang genommen ({ $writer })
writer-requester = Anfragende Person
writer-successor = Neue Kontaktperson
writer-departed_contact = Bisherige Kontaktperson
writer-atlassian = Atlassian
writer-mail_server = Mailserver
writer-other = jemand anderes
