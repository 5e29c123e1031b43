# Inbound e-mail: what became of it, and why.
event-mail_filed = filed an e-mail with the case ({ $writer })
writer-requester = Requester
writer-successor = New contact
writer-departed_contact = Present contact
writer-atlassian = Atlassian
writer-mail_server = Mail server
writer-other = somebody else
