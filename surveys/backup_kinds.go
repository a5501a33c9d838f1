package surveys

// DocumentsVersion is the version of what documents in the store and in backups
// look like. It goes up when an older program could not read, or would misread, what
// this one writes; a program refuses a backup of a newer version.
const DocumentsVersion = 1

// notBackedUp are the kinds that no backup holds, each with the reason: what has a
// meaning for the running program alone, or must not come back to life.
var notBackedUp = map[RecordKind]string{
	recordSignIn:    "everybody signs in anew: a cookie that was revoked since must not let anybody in",
	recordThrottle:  "marks of tries count for minutes",
	recordClaim:     "leases and claims belong to instances that run",
	recordSetUp:     "a new link is made if there is no account",
	recordDayKey:    "a key of the day, under which network addresses are hashed; another is drawn",
	recordPreview:   "an upload that was looked at and not kept; two hours old at most",
	recordBegun:     "counts of a day",
	recordBackup:    "it tells of files in a folder of the machine that was backed up",
	recordBackupDue: "a backup that somebody asked for",
	recordRestoring: "it marks a store that a restore has not finished",
	// Accounts and second factors.
	recordFactorSetUp: "a second factor that nobody has confirmed",
	recordElsewhere:   "a sign-in elsewhere that is under way, for minutes",
	recordTLS:         "certificates for TLS: made anew where it is restored",
	recordPending:     "a sign-in that waits for a second factor; minutes old",
	recordDevice:      "a browser that has signed in before; it does so again",
	recordSignInTurn:  "turns of those who try to sign in count for minutes",
	recordReset:       "a one-time link for a password, which may have been used since",
	recordForgotten:   "that somebody asked for such a link",
	recordInvitation:  "a one-time link too, which may have been used or taken back since",
}

// keyKinds lie in a file of their own, one for each programme, so that a backup of
// the answers alone pairs nobody, and so that a destroyed key can be destroyed in
// the backups too. The check of the address key is none of them: it tells a wrong
// key from the right one and opens nothing.
var keyKinds = map[RecordKind]bool{recordPairingKey: true, recordRoomKey: true}

// NotBackedUp tells which kinds of record no backup holds, and why.
func NotBackedUp() map[RecordKind]string {
	kinds := make(map[RecordKind]string, len(notBackedUp))
	for kind, reason := range notBackedUp {
		kinds[kind] = reason
	}
	return kinds
}
