mailbox-title = Sent e-mails
mailbox-demo-only = This page exists in demo mode only. The e-mails are files in the data directory and were not really sent.
mailbox-empty = No e-mail has been sent yet.
mailbox-to = to { $address }
mailbox-path = Path
mailbox-message = E-mail
mailbox-from = From
mailbox-recipient = To
mailbox-date = Date
mailbox-html = HTML version

mails-title = Every e-mail
mails-demo-only = This page exists in demo mode only. It shows every e-mail that Handover writes, with invented data. Their links lead nowhere.
mails-text = Plain text

time-title = Let time pass
time-text = In the demo you can put the clock forward and see what happens by itself then: deadlines end, reminders go out, answers become overdue.
time-now = In the demo it is now
time-ahead = { $days ->
    [one] one day ahead
   *[other] { $days } days ahead
}
time-hour = One hour on
time-day = One day on
time-week = One week on
time-hint = There is no way back. It takes some seconds until all that is due has happened.
