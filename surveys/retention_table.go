package surveys

// ending is what becomes of one kind of record when a programme's retention runs.
type ending struct {
	kind RecordKind
	step RetentionStep // by which it is destroyed; "": see why
	find finder        // where the records of a programme are; nil: it has none
	why  string        // why it is kept, or goes by itself
}

// endings is the one table of what becomes of every kind of record. A kind that is not
// in it fails TestEveryKindHasAnEnding. What lies under another comes before it: the other
// is what it is found by.
var endings = []ending{
	// Nobody can tell any more which answers are of one person.
	{recordPairingKey, StepLinkages, inProgramme(recordPairingKey), ""},
	{recordCard, StepLinkages, inProgramme(recordCard), ""},
	{recordDecision, StepLinkages, inStrands(recordDecision), ""},
	{recordResume, StepLinkages, inProgramme(recordResume), ""},
	{recordRoomKey, StepLinkages, inProgramme(recordRoomKey), ""},
	{recordUploadPiece, StepLinkages, under(recordUploadPiece, inStrands(recordUpload)), ""},
	{recordUpload, StepLinkages, inStrands(recordUpload), ""},
	{recordExportPiece, StepLinkages, piecesOfExports, ""}, // files of rows say who is whose pair
	{recordExportDue, StepLinkages, inProgramme(recordExportDue), ""},
	{recordExport, StepLinkages, inProgramme(recordExport), ""},

	// Addresses.
	{recordPersonal, StepContacts, under(recordPersonal, inProgramme(recordContact)), ""},
	{recordContact, StepContacts, inProgramme(recordContact), ""},
	{recordLetter, StepContacts, under(recordLetter, inProgramme(recordMailing)), ""},

	// Words of people, and what was made of them.
	{recordReading, StepTexts, inStrands(recordReading), ""},
	{recordQuoteUse, StepTexts, inStrands(recordQuoteUse), ""},
	{recordSummary, StepTexts, inStrands(recordSummary), ""},
	{recordKeying, StepTexts, keyingsOfResponses, ""},
	{recordMapping, StepTexts, inStrands(recordMapping), ""},
	{recordJobProblems, StepTexts, under(recordJobProblems, inStrands(recordJob)), ""},

	// What is left of single people.
	{recordHeld, StepAnswers, inProgramme(recordHeld), ""},
	{recordBegun, StepAnswers, begunInProgramme, ""},
	{recordRoomAnswer, StepAnswers, under(recordRoomAnswer, inProgramme(recordRoom)), ""},
	{recordPaperForm, StepAnswers, under(recordPaperForm, inProgramme(recordBatch)), ""},
	{recordDoomed, StepAnswers, doomedInProgramme, ""},
	{recordJobDue, StepAnswers, sameID(recordJobDue, inStrands(recordJob)), ""},
	{recordJob, StepAnswers, inStrands(recordJob), ""},

	// The programme itself, if it is deleted.
	{recordBatch, StepProgramme, inProgramme(recordBatch), ""},
	{recordRoom, StepProgramme, inProgramme(recordRoom), ""},
	{recordCardSet, StepProgramme, inProgramme(recordCardSet), ""},
	{recordCardSheet, StepProgramme, inProgramme(recordCardSheet), ""},
	{recordMailing, StepProgramme, inProgramme(recordMailing), ""},
	{recordTheme, StepProgramme, inProgramme(recordTheme), ""},
	{recordRelease, StepProgramme, inStrands(recordRelease), ""},
	{recordTakenBack, StepProgramme, inStrands(recordTakenBack), ""},
	{recordRevised, StepProgramme, inStrands(recordRevised), ""},
	{recordFrozenPiece, StepProgramme, under(recordFrozenPiece, inStrands(recordFrozen)), ""},
	{recordFrozen, StepProgramme, inStrands(recordFrozen), ""},
	{recordWorkshop, StepProgramme, inProgramme(recordWorkshop), ""},
	{recordLink, StepProgramme, inProgramme(recordLink), ""},
	{recordCohort, StepProgramme, inProgramme(recordCohort), ""},
	{recordInstitution, StepProgramme, inProgramme(recordInstitution), ""},
	{recordAudit, StepProgramme, inProgramme(recordAudit), ""},
	{recordGroupRoles, StepProgramme, inProgramme(recordGroupRoles), ""},
	{recordInvitation, StepProgramme, inProgramme(recordInvitation), ""}, // of somebody of the staff
	{recordAlert, StepProgramme, alertsOfProgramme, ""},

	// Kept, or not a programme's.
	{recordProgramme, "", nil, "goes last, when the programme is deleted"},
	{recordRetentionRun, "", nil, "says how far a step is; goes with the programme"},
	{recordCertificate, "", nil, "kept for ever: that something was destroyed, when, and how much of it"},
	{recordScrub, "", nil, "that the pages of the store are to be cleaned; goes when they are"},
	{recordVersion, "", nil, "a questionnaire belongs to no programme"},
	{recordRetired, "", nil, "a questionnaire belongs to no programme"},
	{recordDraft, "", nil, "a questionnaire belongs to no programme"},
	{recordDraftStep, "", nil, "a questionnaire belongs to no programme"},
	{recordTrial, "", nil, "a trial belongs to no programme, and its answers go by themselves after 30 days"},
	{recordMedium, "", nil, "a medium belongs to the questionnaires that show it"},
	{recordSavedItem, "", nil, "belongs to no programme"},
	{recordPreview, "", nil, "of an account, and gone by itself after two hours"},
	{recordAccount, "", nil, "a member of staff; loses the roles in a programme that is deleted"},
	{recordSignIn, "", nil, "of an account, and gone by itself"},
	{recordAPIToken, "", nil, "of an account"},
	{recordThrottle, "", nil, "a keyed hash of an address, gone by itself within a day"},
	{recordSetUp, "", nil, "of the installation"},
	{recordDayKey, "", nil, "of the installation, gone by itself"},
	{recordClaim, "", nil, "names what is done once, gone by itself"},
	{recordAddressKey, "", nil, "of the installation: tells one address key from another"},
	{recordPending, "", nil, "of an account, and gone by itself within minutes"},
	{recordDevice, "", nil, "of an account, and gone by itself"},
	{recordSignInTurn, "", nil, "of an address that somebody tries to sign in with, gone by itself"},
	{recordReset, "", nil, "of an account, and gone by itself"},
	{recordForgotten, "", nil, "of an account, and gone by itself"},
	{recordOwners, "", nil, "of the installation"},
	{recordFactorSetUp, "", nil, "of an account, and gone by itself within an hour"},
	{recordSignInRules, "", nil, "of the installation"},
	{recordElsewhere, "", nil, "of nobody or an account, and gone by itself within minutes"},
	{recordIdentity, "", nil, "of an account: who it is where it signs in elsewhere"},
	{recordTLS, "", nil, "of the installation: the certificates it shows browsers"},
	{recordHome, "", nil, "of a questionnaire: whose it is"},
	{recordUnsubscribed, "", nil, "kept: that an address wants no letters from any programme, as a keyed hash"},
}

// endingOf is the row of a kind.
func endingOf(kind RecordKind) (ending, bool) {
	for _, f := range endings {
		if f.kind == kind {
			return f, true
		}
	}
	return ending{}, false
}

// linkageKinds are the kinds that can tell which answers are of one person. A backup
// made before their destruction must not bring them back.
func linkageKinds() []RecordKind {
	var kinds []RecordKind
	for _, f := range endings {
		if f.step == StepLinkages {
			kinds = append(kinds, f.kind)
		}
	}
	return kinds
}
