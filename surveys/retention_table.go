package surveys

// ending is what becomes of one kind of record when a programme's retention runs.
type ending struct {
	kind RecordKind
	step RetentionStep // by which it is destroyed; "": see why
	find finder        // where the records of a programme are; nil: it has none
	why  string        // why it is kept, or goes by itself

	concern bool // for the safeguarding lead only
}

// endings is the one table of what becomes of every kind of record. A kind that is not
// in it fails TestEveryKindHasAnEnding. What lies under another comes before it: the other
// is what it is found by.
var endings = []ending{
	// Nobody can tell any more which answers are of one person.
	{kind: recordPairingKey, step: StepLinkages, find: inProgramme(recordPairingKey)},
	{kind: recordCard, step: StepLinkages, find: inProgramme(recordCard)},
	{kind: recordDecision, step: StepLinkages, find: inStrands(recordDecision)},
	{kind: recordResume, step: StepLinkages, find: inProgramme(recordResume)},
	{kind: recordRoomKey, step: StepLinkages, find: inProgramme(recordRoomKey)},
	{kind: recordUploadPiece, step: StepLinkages, find: under(recordUploadPiece, inStrands(recordUpload))},
	{kind: recordUpload, step: StepLinkages, find: inStrands(recordUpload)},
	{kind: recordExportPiece, step: StepLinkages, find: piecesOfExports}, // files of rows say who is whose pair
	{kind: recordExportDue, step: StepLinkages, find: inProgramme(recordExportDue)},
	{kind: recordExport, step: StepLinkages, find: inProgramme(recordExport)},

	// Addresses.
	{kind: recordPersonal, step: StepContacts, find: under(recordPersonal, inProgramme(recordContact))},
	{kind: recordContact, step: StepContacts, find: inProgramme(recordContact)},
	{kind: recordApproach, step: StepContacts, find: inProgramme(recordApproach), concern: true},
	{kind: recordLetter, step: StepContacts, find: under(recordLetter, inProgramme(recordMailing))},

	// Words of people, and what was made of them.
	{kind: recordReading, step: StepTexts, find: inStrands(recordReading)},
	{kind: recordConcern, step: StepTexts, find: concernsFound, concern: true}, // what was done about a disclosure
	{kind: recordToRead, step: StepTexts, find: inProgramme(recordToRead)},
	{kind: recordQuoteUse, step: StepTexts, find: inStrands(recordQuoteUse)},
	{kind: recordSummary, step: StepTexts, find: inStrands(recordSummary)},
	{kind: recordKeying, step: StepTexts, find: keyingsOfResponses},
	{kind: recordMapping, step: StepTexts, find: inStrands(recordMapping)},
	{kind: recordJobProblems, step: StepTexts, find: under(recordJobProblems, inStrands(recordJob))},

	// What is left of single people.
	{kind: recordHeld, step: StepAnswers, find: inProgramme(recordHeld)},
	{kind: recordBegun, step: StepAnswers, find: begunInProgramme},
	{kind: recordRoomAnswer, step: StepAnswers, find: under(recordRoomAnswer, inProgramme(recordRoom))},
	{kind: recordPaperForm, step: StepAnswers, find: under(recordPaperForm, inProgramme(recordBatch))},
	{kind: recordDoomed, step: StepAnswers, find: doomedInProgramme},
	{kind: recordJobDue, step: StepAnswers, find: sameID(recordJobDue, inStrands(recordJob))},
	{kind: recordJob, step: StepAnswers, find: inStrands(recordJob)},

	// The programme itself, if it is deleted.
	{kind: recordStatements, step: StepProgramme, find: inProgramme(recordStatements)},
	{kind: recordIssue, step: StepProgramme, find: inProgramme(recordIssue)},
	{kind: recordBatch, step: StepProgramme, find: inProgramme(recordBatch)},
	{kind: recordRoom, step: StepProgramme, find: inProgramme(recordRoom)},
	{kind: recordCardSet, step: StepProgramme, find: inProgramme(recordCardSet)},
	{kind: recordCardSheet, step: StepProgramme, find: inProgramme(recordCardSheet)},
	{kind: recordMailing, step: StepProgramme, find: inProgramme(recordMailing)},
	{kind: recordTheme, step: StepProgramme, find: inProgramme(recordTheme)},
	{kind: recordRelease, step: StepProgramme, find: inStrands(recordRelease)},
	{kind: recordTakenBack, step: StepProgramme, find: inStrands(recordTakenBack)},
	{kind: recordRevised, step: StepProgramme, find: inStrands(recordRevised)},
	{kind: recordFrozenPiece, step: StepProgramme, find: under(recordFrozenPiece, inStrands(recordFrozen))},
	{kind: recordFrozen, step: StepProgramme, find: inStrands(recordFrozen)},
	{kind: recordWorkshop, step: StepProgramme, find: inProgramme(recordWorkshop)},
	{kind: recordLink, step: StepProgramme, find: inProgramme(recordLink)},
	{kind: recordCohort, step: StepProgramme, find: inProgramme(recordCohort)},
	{kind: recordInstitution, step: StepProgramme, find: inProgramme(recordInstitution)},
	{kind: recordAudit, step: StepProgramme, find: inProgramme(recordAudit)},
	{kind: recordGroupRoles, step: StepProgramme, find: inProgramme(recordGroupRoles)},
	{kind: recordInvitation, step: StepProgramme, find: inProgramme(recordInvitation)}, // of somebody of the staff
	{kind: recordAlert, step: StepProgramme, find: alertsOfProgramme},
	{kind: recordLookout, step: StepProgramme, find: inProgramme(recordLookout)}, // words of the team
	{kind: recordMarked, step: StepProgramme, find: inProgramme(recordMarked)},
	{kind: recordReadUpTo, step: StepProgramme, find: inProgramme(recordReadUpTo)},
	{kind: recordNotified, step: StepProgramme, find: inProgramme(recordNotified)},

	// Kept, or not a programme's.
	{kind: recordProgramme, why: "goes last, when the programme is deleted"},
	{kind: recordRetentionRun, why: "says how far a step is; goes with the programme"},
	{kind: recordCertificate, why: "kept for ever: that something was destroyed, when, and how much of it"},
	{kind: recordScrub, why: "that the pages of the store are to be cleaned; goes when they are"},
	{kind: recordVersion, why: "a questionnaire belongs to no programme"},
	{kind: recordRetired, why: "a questionnaire belongs to no programme"},
	{kind: recordDraft, why: "a questionnaire belongs to no programme"},
	{kind: recordDraftStep, why: "a questionnaire belongs to no programme"},
	{kind: recordTrial, why: "a trial belongs to no programme, and its answers go by themselves after 30 days"},
	{kind: recordMedium, why: "a medium belongs to the questionnaires that show it"},
	{kind: recordSavedItem, why: "belongs to no programme"},
	{kind: recordPreview, why: "of an account, and gone by itself after two hours"},
	{kind: recordAccount, why: "a member of staff; loses the roles in a programme that is deleted"},
	{kind: recordSignIn, why: "of an account, and gone by itself"},
	{kind: recordAPIToken, why: "of an account"},
	{kind: recordThrottle, why: "a keyed hash of an address, gone by itself within a day"},
	{kind: recordSetUp, why: "of the installation"},
	{kind: recordDayKey, why: "of the installation, gone by itself"},
	{kind: recordClaim, why: "names what is done once, gone by itself"},
	{kind: recordAddressKey, why: "of the installation: tells one address key from another"},
	{kind: recordPending, why: "of an account, and gone by itself within minutes"},
	{kind: recordDevice, why: "of an account, and gone by itself"},
	{kind: recordSignInTurn, why: "of an address that somebody tries to sign in with, gone by itself"},
	{kind: recordReset, why: "of an account, and gone by itself"},
	{kind: recordBackup, why: "of the installation: that a backup was made"},
	{kind: recordBackupDue, why: "of the installation"},
	{kind: recordRestoring, why: "of the installation"},
	{kind: recordKeyDestroyed, why: "kept for ever, so that no backup brings the keys of a programme back"},
	{kind: recordForgotten, why: "of an account, and gone by itself"},
	{kind: recordOwners, why: "of the installation"},
	{kind: recordFactorSetUp, why: "of an account, and gone by itself within an hour"},
	{kind: recordSignInRules, why: "of the installation"},
	{kind: recordElsewhere, why: "of nobody or an account, and gone by itself within minutes"},
	{kind: recordIdentity, why: "of an account: who it is where it signs in elsewhere"},
	{kind: recordTLS, why: "of the installation: the certificates it shows browsers"},
	{kind: recordHome, why: "of a questionnaire: whose it is"},
	{kind: recordUnsubscribed, why: "kept: that an address wants no letters from any programme, as a keyed hash"},
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
