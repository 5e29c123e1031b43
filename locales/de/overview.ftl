# Die Übersicht: was wie lange gedauert hat

overview-title = Übersicht
overview-from = Vom
overview-to = Bis einschließlich
overview-show = Anzeigen
overview-range-hint = Tage als JJJJ-MM-TT. Ohne Angabe: diese Woche und die elf davor.
overview-range-from = Der erste Tag ist kein Datum zwischen 1900 und 2999, geschrieben als JJJJ-MM-TT.
overview-range-to = Der letzte Tag ist kein Datum zwischen 1900 und 2999, geschrieben als JJJJ-MM-TT.
overview-range-order = Der letzte Tag liegt vor dem ersten.
overview-range-long = Der Zeitraum ist länger als hundert Jahre.
overview-usual = Häufige Zeiträume
overview-usual-weeks-4 = 4 Wochen
overview-usual-weeks-12 = 12 Wochen
overview-usual-months-12 = 12 Monate
overview-usual-this-year = Dieses Jahr
overview-usual-last-year = Letztes Jahr
overview-shows = Gezeigter Zeitraum:
overview-nothing = In diesem Zeitraum gibt es hierzu nichts.
overview-table = Zahlen als Tabelle
overview-csv = Als CSV-Datei
overview-nobody = Niemandem zugewiesen

## Was eine Grafik zeigt, für alle, denen sie vorgelesen wird
overview-describes-columns = Säulen vom { $from } bis { $to }: { $series }. Höchster Wert: { $highest } ({ $of }, { $where }). Alle Zahlen stehen in der Tabelle darunter.
overview-describes-bars = Balken für die Zeit vom { $from } bis { $to }: { $series }. Höchster Wert: { $highest } ({ $of }, { $where }). Alle Zahlen stehen in der Tabelle darunter.
overview-describes-now = Balken für den jetzigen Stand: { $series }. Höchster Wert: { $highest } ({ $of }, { $where }). Alle Zahlen stehen in der Tabelle darunter.

## Die Auswertungen
overview-flow = Eröffnet und abgeschlossen
overview-means-flow = Eingegangene Formulare, wiedereröffnete Vorgänge und Abschlüsse. Wird ein Vorgang zweimal abgeschlossen, zählt er zweimal.
overview-open = Offene Vorgänge nach Stand und Alter
overview-means-open = Stand von jetzt, unabhängig vom Zeitraum. Das Alter zählt ab der Eröffnung, in Kalendertagen.
overview-times = Unsere Zeit und die der anderen
overview-means-times = Wie lange Vorgänge insgesamt bei den einzelnen Beteiligten lagen, in Geschäftszeiten gerechnet. Gezählt sind Vorgänge, die im Zeitraum abgeschlossen wurden und es noch sind.
overview-targets = Eingehaltene und verfehlte Fristen
overview-means-targets = Jedes Warten hat eine Frist. Beim ausgeschiedenen Kontakt heißt „verfehlt“ nur, dass die Einspruchsfrist ohne Antwort verstrich.
overview-outcomes = Ergebnisse
overview-means-outcomes = Wie die Vorgänge endeten, die im Zeitraum abgeschlossen wurden und es noch sind.
overview-self_service = Ohne uns gelöst
overview-means-self_service = Abgeschlossene Vorgänge und wie viele davon die Kundenseite selbst gelöst hat; daneben, wie oft jemand angab, dass der Selbstcheck schon vorher geholfen hat.
overview-checks = Prüfungen, die scheitern
overview-means-checks = In wie vielen Vorgängen eine Prüfung im Zeitraum zu welchem Ergebnis kam, auch wenn sie später doch gelang.
overview-workload = Wer welche Vorgänge hat
overview-means-workload = Offene Vorgänge von jetzt und Abschlüsse im Zeitraum. Wie schnell jemand arbeitet, wird nicht ausgewertet.

## Wer wartet und auf wen
overview-party-us = Wir
overview-party-customer = Kundenseite
overview-party-departed_contact = Ausgeschiedener Kontakt
overview-party-voucher = Weiterer Kontakt
overview-party-atlassian = Atlassian

## Spalten
overview-column-week = Woche ab
overview-column-month = Monat
overview-column-year = Jahr
overview-column-opened = Eröffnet
overview-column-reopened = Wiedereröffnet
overview-column-closed = Abgeschlossen
overview-column-state = Stand
overview-column-age-1 = Bis 1 Woche
overview-column-age-2 = Bis 2 Wochen
overview-column-age-4 = Bis 4 Wochen
overview-column-age-12 = Bis 12 Wochen
overview-column-age-older = Älter
overview-column-all = Zusammen
overview-column-party = Bei wem
overview-column-cases = Vorgänge
overview-column-median = Median (in Geschäftszeiten)
overview-column-p90 = 90 % bis (in Geschäftszeiten)
overview-column-met = Eingehalten
overview-column-missed = Verfehlt
overview-column-still-missed = davon noch offen
overview-column-share-met = Anteil eingehalten (%)
overview-column-early = Übrig, Median (in Geschäftszeiten)
overview-column-late = Verspätung, Median (in Geschäftszeiten)
overview-column-latest = Größte Verspätung (in Geschäftszeiten)
overview-column-outcome = Ergebnis
overview-column-share = Anteil (%)
overview-column-self-service = Selbst gelöst
overview-column-guide = Durch den Selbstcheck gelöst
overview-column-check = Prüfung
overview-column-failed = Gescheitert
overview-column-inconclusive = Ohne Ergebnis
overview-column-passed = Bestanden
overview-column-waived = Erlassen
overview-column-person = Wer
overview-column-open = Offen
overview-column-ours = Warten auf uns
overview-column-overdue = Überfällig
overview-hours = { $hours } Std. { $minutes } Min.
overview-minutes = { $minutes } Min.
overview-percent = { $percent } %
