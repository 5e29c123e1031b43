# The staff side

desk-sign-in = Sign in
desk-sign-in-wrong = E-mail address or password is wrong.
desk-sign-in-who = Access is given by whoever runs this Handover, not by Atlassian.
desk-email = E-mail address
desk-password = Password

## The queue
desk-queue = Cases
desk-queue-open = { $count } open
desk-queue-late = { $count } overdue
desk-queue-closed = { $count } closed
desk-queue-empty = No case is open.
desk-queue-no-match = No case matches these filters.
desk-queue-among-closed = Search among closed cases
desk-undelivered = { $count ->
    [one] One e-mail could not be delivered
   *[other] { $count } e-mails could not be delivered
}
desk-stuck = Sending stands still
desk-stuck-since = The oldest e-mail has been waiting since
desk-filter-text = Search
desk-filter-text-hint = Number, company, person, licence
desk-filter-state = State
desk-filter-all-open = All open
desk-filter-owner = Owner
desk-filter-anybody = Anybody
desk-filter-me = Me
desk-filter-apply = Filter
desk-filter-reset = Reset
desk-filter-waiting = Who is being waited for
desk-tab-all = All
desk-tab-us = Us
desk-tab-customer = Customer
desk-tab-departed_contact = Present contact
desk-tab-atlassian = Atlassian
desk-nobody = nobody
desk-column-case = Case
desk-column-company = Company
desk-column-closed = Closed
desk-due = Due
desk-late = overdue
desk-renewal = Renewal
desk-failed-email = E-mail failed
desk-first = Back to the beginning
desk-next = More cases
desk-keys-move = up and down
desk-keys-open = open
desk-keys-search = search
desk-keys-letters = Letter keys
