# The staff side

desk-sign-in = Sign in
desk-sign-in-wrong = E-mail address or password is wrong.
desk-sign-in-who = Access is given by whoever runs this Handover, not by Atlassian.
desk-email = E-mail address
desk-password = Password
