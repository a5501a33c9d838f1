package surveys

import (
	"context"
	"io"
	"slices"
	"time"
)

// ExportID names an export: a hash of what was asked for and of what the data were
// then, and how often that was made.
type ExportID string

// ExportState is where an export stands.
type ExportState string

// The states of an export.
const (
	ExportWaiting   ExportState = "waiting"
	ExportWorking   ExportState = "working"
	ExportDone      ExportState = "done"      // the file can be downloaded
	ExportFailed    ExportState = "failed"    // Key says why
	ExportCancelled ExportState = "cancelled" // somebody stopped it, or threw its file away
	ExportExpired   ExportState = "expired"   // its file is removed
	ExportStale     ExportState = "stale"     // its file is removed: answers in it were taken back since
)

// Limits of exports.
const (
	ExportLife      = 48 * time.Hour // from its making to the removal of its file
	exportsEvery    = 2 * time.Second
	exportsTidied   = 10 * time.Minute
	exportsShown    = 50
	exportsWaiting  = 20 // of one programme that are not made yet
	exportTries     = 5  // that broke off, before it is given up
	exportLook      = 500 * time.Millisecond
	exportLooksHold = 30 // looks between two times that the lease is asked for
)

// Export is one file of results that somebody asked for. Any instance makes it,
// shows how far it is, and gives it out. What it is made of is said by Programme to
// Language; the record stays when the file is gone, as history.
type Export struct {
	ID        ExportID    `json:"id"`
	Programme ProgrammeID `json:"programme"`
	Strand    StrandID    `json:"strand"`
	Format    string      `json:"format"` // see FileMaker
	Profile   Profile     `json:"profile"`
	Filter    Filter      `json:"filter,omitzero"`
	Language  string      `json:"language,omitempty"` // "": the source language of the questionnaire
	Account   AccountID   `json:"account"`
	By        string      `json:"by"` // name of the account that asked first

	// Of all that is held on a programme: why it was asked for, and what is opened in it.
	Reason    string `json:"reason,omitempty"`
	Addresses bool   `json:"addresses,omitempty"`
	Concerns  bool   `json:"concerns,omitempty"` // what is the safeguarding lead's is in it

	State ExportState `json:"state"`
	Key   string      `json:"key,omitempty"` // failed: why
	Args  []any       `json:"args,omitempty"`
	Done  int         `json:"done"` // responses that are in the file
	Of    int         `json:"of"`

	Attempt string `json:"attempt,omitempty"` // names the pieces of the file; "": there are none
	Tries   int    `json:"tries,omitempty"`
	Gone    int    `json:"gone,omitempty"` // how often answers of the strand had been taken back when it was made

	Size    int64     `json:"size,omitempty"`   // bytes
	Sum     string    `json:"sha256,omitempty"` // of the file, hexadecimal
	Created time.Time `json:"created"`
	Changed time.Time `json:"changed"`
	Made    time.Time `json:"made,omitzero"`    // as of when the data are
	Expires time.Time `json:"expires,omitzero"` // when the file is removed
}

// Ended says whether there is nothing more to make.
func (e Export) Ended() bool { return e.State != ExportWaiting && e.State != ExportWorking }

// Needs is the permission without which nobody may ask for e, see it or have its
// file: what shows few people is for who may read the answers anyway.
func (e Export) Needs() Permission {
	if e.Whole() {
		return MayManage
	}
	if e.Profile == ProfilePublished {
		return MayReadFigures
	}
	return MayReadAnswers
}

// openTo says whether a may see e and have its file. All that is held on a programme is
// for people, not for programs; with what is the safeguarding lead's in it, it is for the
// lead and the deputy, as long as they are that.
func (e Export) openTo(a Account) bool {
	return a.May(e.Programme, e.Needs()) && (!e.Concerns || a.May(e.Programme, MayReadConcerns)) && (!e.Whole() || a.limit == nil)
}

// there says whether the file can be downloaded at a moment.
func (e Export) there(now time.Time) bool { return e.State == ExportDone && now.Before(e.Expires) }

// FileFormat is one sort of file, as far as asking for it goes.
type FileFormat struct {
	ID   string
	Rows bool // holds rows of people, and so has no profile
}

// FileMaker makes the files. Its formats are known to package exports, which this
// package does not know.
type FileMaker interface {
	// Format returns a format by its id.
	Format(id string) (FileFormat, bool)
	// Make writes a file to w. What it wrote is of no use if it fails; an Error that is
	// invalid, not found or a conflict is shown to who asked, and anything else is tried
	// again. It may be asked by several instances at once. It returns what the file tells
	// of how many people, for a profile that hides something.
	Make(ctx context.Context, w io.Writer, m Making) (*Release, error)
}

// Making is what a file is made of.
type Making struct {
	Export   Export
	Data     *Dataset
	Earlier  []Release           // what files of the strand told before; none for rows
	Moment   time.Time           // when it is made
	Progress func(responses int) // to be told now and then how many responses are in the file
}

// WithFiles returns the same service with somebody who makes its files. Without,
// none can be asked for, and WorkExports leaves them to other instances.
func (s *Service) WithFiles(files FileMaker) *Service {
	making := *s
	making.files = files
	return &making
}

// Export returns one of a programme. KindNotFound: it is another's, or none;
// KindForbidden: the account might not ask for it itself.
func (s *Service) Export(ctx context.Context, programme ProgrammeID, id ExportID) (Export, error) {
	account, err := require(ctx, programme, MayReadFigures)
	if err != nil {
		return Export{}, err
	}
	e, err := readRecord[Export](ctx, s.store, recordExport, string(id))
	if err != nil || e.Programme != programme {
		return Export{}, orNotFound(orGone(err), "export.gone")
	}
	if !e.openTo(account) {
		return Export{}, &Error{Kind: KindForbidden, Key: "account.not_allowed"}
	}
	return e, nil
}

// orGone is err, or that there is nothing.
func orGone(err error) error {
	if err == nil {
		return notFound("export.gone")
	}
	return err
}

// Exports lists a programme's newest exports, as far as the account might ask for
// them itself, the newest first.
func (s *Service) Exports(ctx context.Context, programme ProgrammeID) ([]Export, error) {
	account, err := require(ctx, programme, MayReadFigures)
	if err != nil {
		return nil, err
	}
	all, err := listRecords[Export](ctx, s.store, recordExport, string(programme))
	all = slices.DeleteFunc(all, func(e Export) bool { return !e.openTo(account) })
	slices.Reverse(all)
	return all[:min(len(all), exportsShown)], err
}

// changeExport replaces an export by what edit makes of it; an edit that returns an
// error leaves it as it is.
func (s *Service) changeExport(ctx context.Context, id ExportID, edit func(*Export) error) (Export, error) {
	return change(ctx, s, recordExport, string(id), func(e *Export) error {
		if err := edit(e); err != nil {
			return err
		}
		e.Changed = s.moment()
		return nil
	})
}
