package questionnaire

// The keys of what a person is told about an answer that cannot be taken. The
// wording is in the application's locales; the comment is the English sentence
// meant, with {0}, {1} for FieldError.Args. Arguments are int, float64 or Text
// (to be shown in the page's language); never what was typed.
const (
	// Any answer.

	KeyUnreadable = "answer.write_again" // Write your answer again: part of it could not be read.
	KeyOnlyOne    = "answer.give_one"    // Give one answer here, not several.

	// Choices: single_choice, multiple_choice, rating, then_now, faces, scale_0_10, consent.

	KeyChooseOne        = "answer.choose_one"          // Choose one answer.
	KeyChooseOnlyOne    = "answer.choose_only_one"     // Choose only one answer.
	KeyChooseFromList   = "answer.choose_from_list"    // Choose from the answers shown.
	KeyChooseAtLeastOne = "answer.choose_at_least_one" // Choose at least one answer.
	KeyChooseExclusive  = "answer.choose_exclusive"    // Choose either “{0}” or other answers, not both. ({0} Text: label of the choice that stands alone)
	KeySayOther         = "answer.say_other"           // Write a few words beside “{0}”, or choose another answer. ({0} Text: label of the choice)
	KeyChooseYesNo      = "answer.choose_yes_or_no"    // Choose yes or no.

	// Numbers: number, scale_0_10.

	KeyWriteNumber        = "answer.write_number"         // Write a number.
	KeyNumberDigits       = "answer.number_digits"        // Write a number in digits, such as 12.
	KeyNumberNoSeparators = "answer.number_no_separators" // Write the number without commas between the digits, such as 1500 or 1.5.
	KeyNumberShorter      = "answer.number_shorter"       // Write a number of at most {0} digits. ({0} int)
	KeyNumberWhole        = "answer.number_whole"         // Write a whole number, without a fraction.
	KeyNumberBetween      = "answer.number_between"       // Give a number from {0} to {1}. ({0}, {1} float64)
	KeyNumberAtLeast      = "answer.number_at_least"      // Give a number that is {0} or more. ({0} float64)
	KeyNumberAtMost       = "answer.number_at_most"       // Give a number that is {0} or less. ({0} float64)

	// Rankings, dates and times, boxes to tick.

	KeyRankAll     = "answer.rank_all"    // Give each of these a place.
	KeyRankTwice   = "answer.rank_twice"  // Give each place once: {0} is there twice. ({0} int)
	KeyDate        = "answer.date"        // Give a date.
	KeyDateDay     = "answer.date_day"    // Give a day that is in the calendar: day, month and year.
	KeyDateMonth   = "answer.date_month"  // Give a month and a year.
	KeyDateYear    = "answer.date_year"   // Give a year of four digits.
	KeyTime        = "answer.time"        // Give a time from 00:00 to 23:59, such as 09:30.
	KeyDateTime    = "answer.date_time"   // Give a day that is in the calendar and a time, such as 09:30.
	KeyAcknowledge = "answer.acknowledge" // Tick the box to go on.

	// What the questionnaire's author asks for.

	KeySaid       = "answer.said"        // {0} ({0} Text: the author's own words)
	KeyConstraint = "answer.check_again" // Check this answer: it does not fit what is asked.

	// Text: short_text, long_text, the words of "other", the elements of a linkage code.

	KeyWriteAnswer = "answer.write_answer"  // Write an answer.
	KeyTextShorter = "answer.text_shorter"  // Shorten your answer to {0} characters; it has {1}. ({0}, {1} int)
	KeyCodeElement = "answer.code_complete" // Answer this question too; your code needs all of them.

	// The code of an issued card.

	KeyCardMissing   = "answer.card_missing"   // Type the code on your card.
	KeyCardOrPrompts = "answer.card_or_answer" // Type the code on your card, or answer the questions below it instead.
	KeyCardLength    = "answer.card_length"    // Type all {0} letters and digits of the code on your card. ({0} int)
	KeyCardCheck     = "answer.card_check"     // Compare this with your card, sign by sign: one letter or digit is different, or two have changed places.
	KeyCardUnknown   = "answer.card_unknown"   // We do not know this code. Compare it with your card, or ask the person who gave it to you.
	KeyCardElsewhere = "answer.card_elsewhere" // This card was given out for another group. Use the one that you were given for this, or ask the person who gave it to you.

	// Only DecodeAnswers: what the writer of a program is told.

	KeySendKnown  = "answer.send_known"  // Leave this out: the questionnaire has no item of this name.
	KeySendAsked  = "answer.send_asked"  // Leave this out: the item is not asked at this wave.
	KeySendString = "answer.send_string" // Send a string.
	KeySendNumber = "answer.send_number" // Send a number.
	KeySendList   = "answer.send_list"   // Send a list of strings.
	KeySendAnswer = "answer.send_answer" // Leave this out: it is worked out and not sent.
)
