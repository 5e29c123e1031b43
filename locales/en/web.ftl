# Answers that say no, and short sentences after something was done

error-sign-in = Sign in
error-400-title = We could not read the characters
error-400-text = What you sent is not encoded as UTF-8. In a browser this does not happen; if a script sends the form, have it encode all fields as UTF-8.
error-401-title = You are not signed in
error-401-text = Your session has ended, so nothing was saved. Go back to keep what you typed, sign in in another tab and send it again.
error-405-title = That does not work here
error-405-text = This address can only be used through a form. Please start on the page before.
error-cross-site-title = This request came from another site
error-cross-site-text = For your protection nothing was changed. Please open Handover directly and try again there.
error-stale-title = Something changed in the meantime
error-stale-text = The page you used was no longer up to date, so nothing was changed. Reload it and look before you try again.
notice-signed-out = You are signed out.
role-auditor = Auditor
role-agent = Agent
role-approver = Approver
role-admin = Administrator
