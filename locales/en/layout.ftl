# Frame of every page, forms in general, error pages

layout-skip = Skip to content
layout-tagline = Contact changes for Atlassian licences
layout-nav = Main navigation
layout-cases = Cases
layout-needs-me = Needs me
layout-needs-count = { $count ->
    [one] one case
   *[other] { $count } cases
}
layout-sign-out = Sign out
layout-sign-out-everywhere = Sign out on all devices
layout-foot = We never ask for passwords or licence keys – not here, not by e-mail, not on the phone.
layout-foot-desk = Handover stores no Atlassian credentials. Every change to a case is recorded.
layout-phone = Phone:
layout-privacy = Privacy
layout-imprint = Legal notice
layout-demo = Demonstration with invented data – not for production.
layout-demo-time = Let time pass
layout-demo-mail = See the e-mails that went out

form-optional = (optional)
form-error-prefix = Error:
form-error-title = { $count ->
    [one] Please check one answer
   *[other] Please check { $count } answers
}

error-request-id = Identifier of this request: { $id }
error-home = To the start page
error-403-title = You do not have permission for this
error-403-text = Your role does not allow this step. Please ask a colleague whose role does.
error-404-title = There is no such page
error-404-text = The link may be incomplete or no longer valid. If it came by e-mail, please copy all of it – it must not contain a line break.
error-409-title = That is not possible right now
error-409-text = Something has changed in the meantime. Reload the page to see where things stand.
error-413-title = That is too much at once
error-413-text = What you sent is larger than we can accept. Please shorten it.
error-422-title = We could not make sense of that
error-422-text = The request was incomplete. Please go back and try again.
error-429-title = Too many requests
error-429-text = A great many requests came from your connection within a short time. Please try again in a few minutes.
error-500-title = Something went wrong on our side
error-500-text = The fault is ours, not yours, and has been recorded. Please try again in a few minutes. If you contact us, please mention the identifier.
error-503-title = Not available at the moment
error-503-text = We cannot answer at the moment. Please try again in a minute.

## Keyboard
keys-title = Keyboard shortcuts
keys-ctrl = Ctrl
keys-palette = Commands and search
keys-palette-hint = Where to, or what to do?
keys-palette-none = Nothing found
keys-palette-search = Search for:
keys-palette-open = Open case:
keys-move = up and down; in a case: next, previous
keys-step = open one of the next steps
keys-letters-hint = The single letters can be switched off where a screen reader or voice control needs them.
keys-close = Close
typed-restored = What you typed last is restored. It has not been sent yet.

live-changed = The page was updated.
live-held = Something changed here just now. What you typed stays as it is.
live-update = Show it now
live-stale = The connection is interrupted. This page may be out of date.
