# Das Formular, das wir nach einem Anruf oder einer E-Mail vorbereitet haben
intake-prepared-lead = Bitte prüfen, ergänzen und berichtigen Sie die Angaben, und senden Sie das Formular selbst ab. Alles lässt sich ändern.
intake-prepared-title = Wir haben dieses Formular am { $on } für Sie vorbereitet
intake-prepared-text = Jemand von uns hat notiert, was uns am Telefon oder per E-Mail gesagt wurde. Einen Vorgang gibt es noch nicht: Solange Sie nicht auf „Anfrage absenden“ klicken, geschieht nichts, und niemand sonst erfährt davon. Das Formular gilt bis { $until }, danach löschen wir die Notizen.
intake-prepared-confirms = Senden Sie es mit der E-Mail-Adresse, an die unsere E-Mail mit dem Link ging, dann ist diese Adresse damit bestätigt. Geben Sie eine andere an, schicken wir dorthin eine Bitte um Bestätigung.
intake-prepared-after = Mit der Adresse, an die der Link ging, beginnen wir gleich nach dem Absenden mit der Prüfung. Eine andere Adresse müssen Sie erst bestätigen.
intake-prepared-sent-title = Dieses Formular wurde schon gesendet
intake-prepared-sent-text = Daraus ist eine Anfrage geworden. An die E-Mail-Adresse, die darin steht, haben wir geschrieben; wie es weitergeht, steht in dieser E-Mail.
intake-prepared-lapsed-title = Das vorbereitete Formular gilt nicht mehr, Ihre Angaben sind noch da
intake-prepared-lapsed-text = Gesendet ist noch nichts. Was Sie eingegeben haben, steht unverändert unten. Senden Sie es hier als neue Anfrage ab; dann schicken wir Ihnen eine E-Mail, mit der Sie sie bestätigen.
intake-prepared-gone-title = Dieses vorbereitete Formular gibt es nicht mehr
intake-prepared-gone-text = { $days ->
    [one] Ein vorbereitetes Formular gilt einen Tag lang, wenn wir es nicht vorher zurückziehen. Es ist nichts geschehen. Sie können ein leeres Formular ausfüllen oder uns noch einmal anrufen.
   *[other] Ein vorbereitetes Formular gilt { $days } Tage lang, wenn wir es nicht vorher zurückziehen. Es ist nichts geschehen. Sie können ein leeres Formular ausfüllen oder uns noch einmal anrufen.
}
