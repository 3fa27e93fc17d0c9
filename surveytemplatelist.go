package goalpost

// SurveyTemplates returns what a team can begin a survey with.
func SurveyTemplates() []SurveyTemplate {
	return []SurveyTemplate{wishesTemplate(), followTemplate(), supportTemplate(), npsTemplate(), brandTemplate(), productTemplate(), studyTemplate(), emptyTemplate()}
}

func templateThanks() Text {
	return bothWays("Thank you. We read every answer.", "Vielen Dank. Wir lesen jede Antwort.")
}

func wishesTemplate() SurveyTemplate {
	likes := templateScale("content", "How do you like what we post?", "Wie {gefallen Ihnen|gefallen dir} unsere Beiträge?", "Not at all|Gar nicht", "Rather not|Eher nicht", "So-so|Teils, teils", "Rather well|Eher gut", "Very much|Sehr gut")
	return SurveyTemplate{Code: "wishes", Name: bothWays("What do you want from us?", "Was wünschen Sie sich von uns?"),
		About: bothWays("What followers want to see, and what is missing. For a first survey, on every channel.", "Was Follower sehen möchten und was ihnen fehlt. Gut als erste Umfrage, auf allen Kanälen."),
		form: Form{Title: bothWays("What do you want from us?", "Was {wünschen Sie sich|wünschst du dir} von uns?"), Thanks: templateThanks(),
			Intro: bothWays("Your answers decide what we do next.", "{Ihre|Deine} Antworten entscheiden, was wir als Nächstes machen."),
			Questions: []SurveyQuestion{
				templateQuestion("more_of", MultipleChoice, "What would you like to see more of from us?", "Was {möchten Sie|möchtest du} bei uns öfter sehen?",
					templateItem("tips", "Tips and instructions", "Tipps und Anleitungen"), templateItem("news", "News about products", "Neues zu Produkten"), templateItem("behind", "A look behind the scenes", "Blicke hinter die Kulissen"),
					templateItem("people", "Stories of customers", "Geschichten von Kundinnen und Kunden"), templateItem("offers", "Offers", "Angebote"), templateItem("fun", "Entertainment", "Unterhaltung"),
					otherItem(), roleItem(RoleNone, "None of these", "Nichts davon"), dontKnowItem()).shuffled().upTo(3),
				likes,
				templateQuestion("often", SingleChoice, "Do we post too rarely, just right or too often?", "Posten wir zu selten, genau richtig oder zu oft?", templateItem("too_seldom", "Too rarely", "Zu selten"), templateItem("right", "Just right", "Genau richtig"), templateItem("too_often", "Too often", "Zu oft"), dontKnowItem()),
				openQuestion("missing", "What are you missing from us?", "Was {fehlt Ihnen|fehlt dir} bei uns?"),
			}}}
}

func followTemplate() SurveyTemplate {
	return SurveyTemplate{Code: "follow", Name: bothWays("Why do you follow us?", "Warum folgen Sie uns?"),
		About: bothWays("What brings people to you and what would drive them away. Compare it with what you believe.", "Was Menschen zu Ihnen bringt und was sie vertreiben würde. Vergleichen Sie es mit dem, was Sie vermuten."),
		form: Form{Title: bothWays("Why do you follow us?", "Warum {folgen Sie|folgst du} uns?"), Thanks: templateThanks(),
			Intro: bothWays("We would like to know what you expect of us.", "Wir möchten wissen, was {Sie|du} von uns {erwarten|erwartest}."),
			Questions: []SurveyQuestion{
				templateQuestion("why", MultipleChoice, "Why do you follow us?", "Warum {folgen Sie|folgst du} uns?",
					templateItem("product", "I use your products", "Ich nutze {Ihre|eure} Produkte"), templateItem("offers", "For offers and discounts", "Wegen Angeboten und Rabatten"), templateItem("learn", "To learn something", "Um etwas zu lernen"),
					templateItem("fun", "I am well entertained", "Ich werde gut unterhalten"), templateItem("values", "I share your values", "Ich teile {Ihre|eure} Werte"), templateItem("service", "To get help when I need it", "Um Hilfe zu bekommen, wenn ich sie brauche"),
					templateItem("friends", "People whom I know follow you", "Freunde oder Bekannte folgen {Ihnen|euch} auch"), otherItem(), dontKnowItem(), roleItem(RoleNone, "I do not follow you", "Ich folge {Ihnen|euch} nicht")).shuffled(),
				templateQuestion("main", SingleChoice, "Where do you mostly see us?", "Wo {sehen Sie|siehst du} uns am häufigsten?",
					templateItem("instagram", "Instagram", "Instagram"), templateItem("facebook", "Facebook", "Facebook"), templateItem("tiktok", "TikTok", "TikTok"), templateItem("youtube", "YouTube", "YouTube"), templateItem("linkedin", "LinkedIn", "LinkedIn"), otherItem(), dontKnowItem()),
				templateQuestion("since", SingleChoice, "How long have you followed us?", "Wie lange {folgen Sie|folgst du} uns schon?",
					templateItem("month", "Less than a month", "Weniger als einen Monat"), templateItem("year", "A month to a year", "Einen Monat bis ein Jahr"), templateItem("longer", "More than a year", "Länger als ein Jahr"), dontKnowItem()).shownIf(Rule{Question: "why", Not: []string{"none"}}),
				openQuestion("leave", "What would make you stop following us?", "Was müsste passieren, damit {Sie uns nicht mehr folgen|du uns nicht mehr folgst}?"),
			}}}
}

func supportTemplate() SurveyTemplate {
	return SurveyTemplate{Code: "csat", Name: bothWays("Satisfaction after support", "Zufriedenheit nach dem Support"),
		About: bothWays("CSAT: sent after a request was settled, within a day, while it is remembered.", "CSAT: nach einer erledigten Anfrage senden, am besten innerhalb eines Tages, solange die Erinnerung frisch ist."),
		form: Form{Title: bothWays("How did we do?", "Wie gut konnten wir {Ihnen|dir} helfen?"), Thanks: templateThanks(),
			Intro: bothWays("It is about your last request to us.", "Es geht um {Ihre|deine} letzte Anfrage an uns."),
			Questions: []SurveyQuestion{
				satisfaction("csat", "How satisfied are you with our support overall?", "Wie zufrieden {sind Sie|bist du} insgesamt mit unserem Support?"),
				templateQuestion("solved", SingleChoice, "Is your request settled?", "Ist {Ihre|deine} Anfrage erledigt?", templateItem("yes", "Yes", "Ja"), templateItem("partly", "In part", "Zum Teil"), templateItem("no", "No", "Nein"), dontKnowItem()),
				templateScale("effort", "How easy or hard was it to get help?", "Wie leicht oder schwer war es, Hilfe zu bekommen?", "Very hard|Sehr schwer", "Rather hard|Eher schwer", "Neither|Weder noch", "Rather easy|Eher leicht", "Very easy|Sehr leicht"),
				openQuestion("open", "What is still open?", "Was ist noch offen?").shownIf(Rule{Question: "solved", Is: []string{"partly", "no"}}),
				openQuestion("better", "What could we do better?", "Was könnten wir besser machen?"),
			}}}
}

func npsTemplate() SurveyTemplate {
	low, high := 6.0, 9.0
	return SurveyTemplate{Code: "nps", Name: bothWays("Would you recommend us?", "Würden Sie uns weiterempfehlen?"),
		About: bothWays("NPS: how likely a recommendation is, from 0 to 10, and why. Ask the same group again, at most every three months.", "NPS: wie wahrscheinlich eine Empfehlung ist, von 0 bis 10, und warum. Fragen Sie dieselbe Gruppe höchstens alle drei Monate."),
		form: Form{Title: bothWays("Would you recommend us?", "{Würden Sie|Würdest du} uns weiterempfehlen?"), Thanks: templateThanks(),
			Questions: []SurveyQuestion{
				templateQuestion("nps", NPSQuestion, "How likely is it that you would recommend us to a friend or colleague?", "Wie wahrscheinlich ist es, dass {Sie uns im Freundes- oder Kollegenkreis weiterempfehlen|du uns im Freundes- oder Kollegenkreis weiterempfiehlst}?", dontKnowItem()),
				openQuestion("missing", "What would have to be different?", "Was müsste anders sein?").shownIf(Rule{Question: "nps", Max: &low}),
				openQuestion("liked", "What do you like most about us?", "Was {gefällt Ihnen|gefällt dir} an uns am besten?").shownIf(Rule{Question: "nps", Min: &high}),
				templateQuestion("customer", SingleChoice, "Have you bought from us in the past twelve months?", "{Haben Sie|Hast du} in den letzten zwölf Monaten bei uns gekauft?", templateItem("yes", "Yes", "Ja"), templateItem("no", "No", "Nein"), dontKnowItem(), noAnswerItem()),
			}}}
}

func brandTemplate() SurveyTemplate {
	return SurveyTemplate{Code: "brand", Name: bothWays("Brand lift: did the campaign change anything?", "Brand Lift: Hat die Kampagne etwas verändert?"),
		About: bothWays("Awareness, opinion and intent: people whom the campaign was shown beside people kept from it.", "Bekanntheit, Meinung und Kaufabsicht: Menschen, die die Kampagne sahen, neben einer Kontrollgruppe."),
		Guide: bothWays("Compares people whom the campaign was shown with people kept from it. Before it starts, hold a group back by chance, and give each group a link of its own (Channels). Without a group held back, those who remember the ad differ anyway, and the difference proves nothing. The last question names an ad that never ran: whoever saw it guesses.",
			"Vergleicht Menschen, die die Kampagne gezeigt bekamen, mit solchen, die sie nicht bekamen. Schließen Sie vor dem Start eine zufällige Gruppe aus und geben Sie jeder Gruppe einen eigenen Link (Kanäle). Ohne diese Kontrollgruppe unterscheiden sich die, die sich an die Werbung erinnern, ohnehin, und der Unterschied beweist nichts. Die letzte Frage nennt eine Werbung, die es nie gab: Wer sie gesehen hat, rät."),
		form: Form{Title: bothWays("A few questions about brands", "Ein paar Fragen zu Marken"), Thanks: templateThanks(),
			Intro: bothWays("There are no right or wrong answers.", "Es gibt keine richtigen oder falschen Antworten."),
			Questions: []SurveyQuestion{
				openQuestion("recall", "Which brands of [kind of product] come to mind?", "Welche Marken für [Art von Produkt] {fallen Ihnen|fallen dir} ein?"),
				templateQuestion("known", MultipleChoice, "Which of these brands do you know, at least by name?", "Welche dieser Marken {kennen Sie|kennst du}, wenigstens dem Namen nach?",
					templateItem("ours", "[Your brand]", "[Ihre Marke]"), templateItem("rival_a", "[A rival]", "[Eine andere Marke]"), templateItem("rival_b", "[Another rival]", "[Noch eine andere Marke]"), roleItem(RoleNone, "None of these", "Keine davon"), dontKnowItem()).shuffled().onNewPage(),
				templateScale("opinion", "What do you think of [your brand]?", "Was {halten Sie|hältst du} von [Ihre Marke]?", "Very little|Sehr wenig", "Rather little|Eher wenig", "Neither|Weder noch", "Rather a lot|Eher viel", "Very much|Sehr viel").onNewPage().shownIf(Rule{Question: "known", Is: []string{"ours"}}),
				templateScale("intent", "How likely is it that you will buy from [your brand] in the next four weeks?", "Wie wahrscheinlich ist es, dass {Sie|du} in den nächsten vier Wochen etwas von [Ihre Marke] {kaufen|kaufst}?", "Very unlikely|Sehr unwahrscheinlich", "Rather unlikely|Eher unwahrscheinlich", "Open|Offen", "Rather likely|Eher wahrscheinlich", "Very likely|Sehr wahrscheinlich"),
				seen("seen", "Have you seen [your ad] in the past four weeks?", "{Haben Sie|Hast du} in den letzten vier Wochen [Ihre Werbung] gesehen?").onNewPage(),
				seen("control", "Have you seen [an ad that never ran] in the past four weeks?", "{Haben Sie|Hast du} in den letzten vier Wochen [eine Werbung, die es nie gab] gesehen?"),
			}}}
}

func seen(code, en, de string) SurveyQuestion {
	return templateQuestion(code, SingleChoice, en, de, templateItem("yes", "Yes", "Ja"), templateItem("no", "No", "Nein"), dontKnowItem())
}

func productTemplate() SurveyTemplate {
	return SurveyTemplate{Code: "product", Name: bothWays("Wishes for a product", "Wünsche an ein Produkt"),
		About: bothWays("What to build next: use, obstacles, and an order of four ideas. Put your ideas in.", "Was als Nächstes kommen soll: Nutzung, Hindernisse und eine Rangfolge von vier Ideen. Setzen Sie Ihre Ideen ein."),
		form: Form{Title: bothWays("Help us make it better", "{Helfen Sie|Hilf} uns, es besser zu machen"), Thanks: templateThanks(),
			Intro: bothWays("It is about [product].", "Es geht um [Produkt]."),
			Questions: []SurveyQuestion{
				templateQuestion("use", SingleChoice, "How often do you use [product]?", "Wie oft {nutzen Sie|nutzt du} [Produkt]?", templateItem("daily", "Daily or nearly so", "Täglich oder fast täglich"), templateItem("weekly", "Every week", "Jede Woche"), templateItem("seldom", "Less often", "Seltener"), templateItem("never", "Never", "Nie"), dontKnowItem()),
				satisfaction("satisfied", "How satisfied are you with [product] overall?", "Wie zufrieden {sind Sie|bist du} insgesamt mit [Produkt]?").shownIf(Rule{Question: "use", Not: []string{"never"}}),
				templateQuestion("next", RankingQuestion, "In which order should these come?", "In welcher Reihenfolge sollte das kommen?", templateItem("idea_a", "[First idea]", "[Erste Idee]"), templateItem("idea_b", "[Second idea]", "[Zweite Idee]"), templateItem("idea_c", "[Third idea]", "[Dritte Idee]"), templateItem("idea_d", "[Fourth idea]", "[Vierte Idee]"), dontKnowItem()).shuffled().helped("The most important one first", "Das Wichtigste zuerst"),
				openQuestion("wish", "If you could change one thing, what would it be?", "Wenn {Sie|du} eine Sache ändern {könnten|könntest}: welche wäre das?"),
			}}}
}

func studyTemplate() SurveyTemplate {
	yesNo := func(code, en, de string) SurveyQuestion {
		return templateQuestion(code, SingleChoice, en, de, templateItem("yes", "Yes", "Ja"), templateItem("no", "No", "Nein"), dontKnowItem(), noAnswerItem())
	}
	none := roleItem(RoleNone, "We have not set any", "Wir haben keine festgelegt")
	return SurveyTemplate{Code: "study", Study: "pivot-sosm", Name: bothWays("The study’s questions: goals, metrics, understanding", "Die Fragen der Studie: Ziele, Kennzahlen, Verständnis"),
		About: bothWays("For other marketers: what the Pivot study “State of Social Marketing” asked.", "Für andere aus dem Marketing: was die Pivot-Studie „State of Social Marketing“ gefragt hat."),
		Guide: bothWays("The codes are the study’s, so that your answers can stand beside its figures. Where the study’s own words are not known, ours stand there.", "Die Codes sind die der Studie, damit Ihre Antworten neben ihren Zahlen stehen können. Wo der Wortlaut der Studie nicht bekannt ist, stehen unsere Worte."),
		form: Form{Title: bothWays("The state of social marketing", "Wie steht es um Social Marketing?"), Thanks: templateThanks(),
			Intro: bothWays("For people who do marketing on social media.", "Für Menschen, die Marketing auf Social Media machen."),
			Questions: []SurveyQuestion{
				templateQuestion("goals", MultipleChoice, "Which goals do you pursue with social marketing?", "Welche Ziele {verfolgen Sie|verfolgst du} mit Social Marketing?",
					templateItem("engagement", "Engage people, have a dialogue", "Menschen einbinden, Dialog führen"), templateItem("brand", "Strengthen the brand", "Marke stärken"), templateItem("behaviour", "Influence behaviour", "Verhalten beeinflussen"),
					templateItem("sentiment", "Improve the mood", "Stimmung verbessern"), templateItem("sales", "Sell more", "Mehr verkaufen"), templateItem("leads", "Win leads", "Leads gewinnen"), otherItem(), none, dontKnowItem()).shuffled(),
				templateQuestion("primary_metric", SingleChoice, "By what do you mainly measure success?", "Woran {messen Sie|misst du} den Erfolg vor allem?",
					templateItem("engagement", "Engagement", "Interaktionen"), templateItem("sales", "Sales", "Verkäufe"), templateItem("reach", "Reach", "Reichweite"), templateItem("leads", "Leads", "Leads"), otherItem(), roleItem(RoleNone, "We do not measure it", "Wir messen ihn nicht"), dontKnowItem()),
				yesNo("understand_social_consumers", "Do you feel that you have a pretty clear picture of who your company’s current Social Consumers are?", "{Haben Sie|Hast du} ein ziemlich klares Bild davon, wer die Kunden {Ihrer|deiner} Firma auf Social Media sind?").onNewPage(),
				yesNo("know_wants", "Do you feel that you know what customers want?", "{Haben Sie|Hast du} das Gefühl zu wissen, was Kunden wollen?"),
				yesNo("asked_customers", "Have you asked customers what they want?", "{Haben Sie|Hast du} Kunden gefragt, was sie wollen?"),
				templateQuestion("hindrance", MultipleChoice, "What keeps you from going beyond experiments?", "Was hindert {Sie|dich}, über Versuche hinauszugehen?", templateItem("no_strategy", "No strategy", "Keine Strategie"), templateItem("budget", "Too little budget", "Zu wenig Budget"), templateItem("time", "Too little time", "Zu wenig Zeit"), otherItem(), roleItem(RoleNone, "Nothing", "Nichts"), dontKnowItem()).shuffled(),
				templateQuestion("business_type", SingleChoice, "What kind of business do you work for?", "Für welche Art von Unternehmen {arbeiten Sie|arbeitest du}?", templateItem("brand", "A company with a brand", "Unternehmen mit eigener Marke"), templateItem("agency", "An agency", "Agentur"), templateItem("pr_agency", "A PR agency", "PR-Agentur"), templateItem("consultancy", "A consultancy", "Beratung"), templateItem("freelance", "Self-employed", "Selbstständig"), otherItem(), noAnswerItem()).onNewPage(),
			}}}
}

func emptyTemplate() SurveyTemplate {
	return SurveyTemplate{Code: "empty", Name: bothWays("Empty", "Leer"),
		About: bothWays("One open question, and then what you add.", "Eine offene Frage und alles, was Sie hinzufügen."),
		form:  Form{Title: bothWays("Your survey", "{Ihre|Deine} Umfrage"), Questions: []SurveyQuestion{openQuestion("question", "What would you like to tell us?", "Was {möchten Sie|möchtest du} uns sagen?")}}}
}
