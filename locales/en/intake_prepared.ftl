# The form that we prepared after a call or an e-mail
intake-prepared-lead = Please check, complete and correct what stands here, and send the form yourself. Everything can be changed.
intake-prepared-title = We prepared this form for you on { $on }
intake-prepared-text = One of us wrote down what we were told on the telephone or by e-mail. There is no case yet: until you press “Send request”, nothing happens, and nobody else hears of it. The form is valid until { $until }; after that we delete the notes.
intake-prepared-confirms = If you send it with the address that our e-mail with the link went to, that confirms the address. If you give another one, we send a request to confirm there.
intake-prepared-after = With the address that the link went to, we start checking right after you send it. Another address has to be confirmed first.
intake-prepared-sent-title = This form has been sent already
intake-prepared-sent-text = It has become a request. We wrote to the e-mail address in it; that e-mail says how it goes on.
intake-prepared-lapsed-title = The prepared form is no longer valid, but your answers are still here
intake-prepared-lapsed-text = Nothing has been sent yet. What you entered is below, unchanged. Send it here as a new request; we then send you an e-mail to confirm it.
intake-prepared-gone-title = This prepared form is no longer there
intake-prepared-gone-text = { $days ->
    [one] A prepared form is valid for one day, unless we withdraw it before. Nothing has happened. You can fill in an empty form, or call us again.
   *[other] A prepared form is valid for { $days } days, unless we withdraw it before. Nothing has happened. You can fill in an empty form, or call us again.
}
