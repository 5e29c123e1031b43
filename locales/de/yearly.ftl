# Die jährliche Frage an einen Kontakt im Register.

yearly-title = Sind Sie noch die richtige Kontaktperson?
yearly-lead = Bei Atlassian sind Sie als Kontaktperson für diese Lizenzen eingetragen. Stimmt das noch?
yearly-asked-at = Gefragt am
yearly-still = Ja, das bin noch ich
yearly-gone = Nein, nicht mehr zuständig
yearly-choose = Bitte wählen Sie eine der beiden Antworten.
yearly-changes-nothing = Ihre Antwort ändert nichts an den Lizenzen. Sie hilft uns, rechtzeitig nachzufragen. Sie können sie später ändern.
yearly-over = Diese Frage ist abgelaufen. Bitte nehmen Sie den Link aus unserer letzten E-Mail.
yearly-thanks-still = Danke. Wir fragen frühestens in einem Jahr wieder.
yearly-thanks-gone = Danke für den Hinweis. Wir melden uns beim Unternehmen.
yearly-follow = Soll jemand anderes eingetragen werden?
yearly-follow-text = Am schnellsten geht es, solange Sie sich noch anmelden können: Tragen Sie die neue Person selbst ein. Sonst stellt jemand aus dem Unternehmen hier eine Anfrage.
yearly-follow-guide = Zum Selbstcheck: So geht es ohne uns
yearly-follow-form = Anfrage mit diesen Lizenzen beginnen
yearly-unsubscribe = Diese jährliche E-Mail abbestellen
yearly-unsubscribe-text = Wir fragen diese Adresse dann nicht mehr, ob die Kontaktperson noch stimmt.
yearly-unsubscribe-button = Abbestellen
yearly-unsubscribed-title = Abbestellt
yearly-unsubscribed = Diese Adresse bekommt die jährliche Frage nicht mehr.
yearly-case-mail = E-Mails zu einer laufenden Anfrage bekommen Sie weiterhin: Darin können Sie einem Wechsel widersprechen.
