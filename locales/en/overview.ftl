# The overview: what took how long

overview-title = Overview
overview-from = From
overview-to = To, inclusive
overview-show = Show
overview-range-hint = Days as YYYY-MM-DD. Without any: this week and the eleven before it.
overview-range-from = The first day is no date between 1900 and 2999, written as YYYY-MM-DD.
overview-range-to = The last day is no date between 1900 and 2999, written as YYYY-MM-DD.
overview-range-order = The last day lies before the first.
overview-range-long = The range is longer than a hundred years.
overview-usual = Usual ranges
overview-usual-weeks-4 = 4 weeks
overview-usual-weeks-12 = 12 weeks
overview-usual-months-12 = 12 months
overview-usual-this-year = This year
overview-usual-last-year = Last year
overview-shows = Range shown:
overview-nothing = There is nothing of this in the range.
overview-table = Figures as a table
overview-csv = As a CSV file
overview-nobody = Assigned to nobody

## What a picture shows, for whoever is read it
overview-describes-columns = Columns from { $from } to { $to }: { $series }. Highest value: { $highest } ({ $of }, { $where }). All figures are in the table below.
overview-describes-bars = Bars for the time from { $from } to { $to }: { $series }. Highest value: { $highest } ({ $of }, { $where }). All figures are in the table below.
overview-describes-now = Bars of how things are now: { $series }. Highest value: { $highest } ({ $of }, { $where }). All figures are in the table below.

## The figures
overview-flow = Opened and closed
overview-means-flow = Forms that came in, cases that were reopened, and closings. A case that is closed twice counts twice.
overview-open = Open cases by state and age
overview-means-open = As of now, whatever the range. The age counts from the opening, in calendar days.
overview-times = Our time and theirs
overview-means-times = The business time for which cases lay with whom altogether; only cases that were closed in the range and still are.
overview-targets = Targets met and missed
overview-means-targets = Each wait has a target. With the departed contact, “missed” only means that the time to object passed without an answer.
overview-outcomes = Outcomes
overview-means-outcomes = How the cases ended that were closed in the range and still are.
overview-self_service = Solved without us
overview-means-self_service = Closed cases, and how many of them the customer's side solved itself; beside them, how often somebody said that the self-check had helped before there was a case.
overview-checks = Checks that fail
overview-means-checks = In how many cases a check came to which verdict in the range, even if it passed later.
overview-workload = Who has which cases
overview-means-workload = Open cases as of now, and closings in the range. How fast somebody works is not measured.

## Who waits, and for whom
overview-party-us = Us
overview-party-customer = Customer's side
overview-party-departed_contact = Departed contact
overview-party-voucher = Another contact
overview-party-atlassian = Atlassian

## Columns
overview-column-week = Week from
overview-column-month = Month
overview-column-year = Year
overview-column-opened = Opened
overview-column-reopened = Reopened
overview-column-closed = Closed
overview-column-state = State
overview-column-age-1 = Up to 1 week
overview-column-age-2 = Up to 2 weeks
overview-column-age-4 = Up to 4 weeks
overview-column-age-12 = Up to 12 weeks
overview-column-age-older = Older
overview-column-all = Together
overview-column-party = With whom
overview-column-cases = Cases
overview-column-median = Median (business time)
overview-column-p90 = 90% within (business time)
overview-column-met = Met
overview-column-missed = Missed
overview-column-still-missed = of them still open
overview-column-share-met = Share met (%)
overview-column-early = To spare, median (business time)
overview-column-late = Late by, median (business time)
overview-column-latest = Latest (business time)
overview-column-outcome = Outcome
overview-column-share = Share (%)
overview-column-self-service = Solved themselves
overview-column-guide = Solved by the self-check
overview-column-check = Check
overview-column-failed = Failed
overview-column-inconclusive = Inconclusive
overview-column-passed = Passed
overview-column-waived = Waived
overview-column-person = Who
overview-column-open = Open
overview-column-ours = Waiting for us
overview-column-overdue = Overdue
overview-hours = { $hours } h { $minutes } min
overview-minutes = { $minutes } min
overview-percent = { $percent }%
