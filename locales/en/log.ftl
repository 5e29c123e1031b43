# The log over all cases: its head, its keys, where it is taken to

log-hint = Each change of a case goes, as a hash, into one log that only grows. Whoever has kept an earlier head can compute that nothing before it was changed since, without trusting us.
log-present = Present head
log-size = Entries
log-at = As of
log-file = As a file
log-keep = Keep heads where nobody who operates this machine can reach them. To verify, with the file behind it:
log-none = Nothing was logged yet.
log-behind = The log is falling behind
log-behind-text = Changes have been waiting to be logged for some time. Is the worker running, and does it have the key? “handover doctor” says more.
log-elsewhere = Where heads are taken to
log-nowhere = Heads do not leave this machine by themselves. docs/OPERATIONS.md says how to set that up.
log-outlet-file = Into a file elsewhere
log-outlet-mail = By e-mail, once a day
log-outlet-time_stamper = To the time stamper
log-outlet-done = Last the head with { $size } { $size ->
    [one] entry
   *[other] entries
},
log-outlet-never = None so far.
log-outlet-failing = Fails since
log-keys = Keys
log-keys-text = Compare the id with the one that you were given in some other way. Each new key is signed by the one before it.
log-key-since = Since
log-key-signs = signs now
log-key-unsigned = not signed by the one before it
log-key-public = Public key
log-heads = All heads
log-head = { $size ->
    [one] Head with one entry
   *[other] Head with { $size } entries
}
log-stamp = Time stamp
