package surveys

import (
	"archive/zip"
	"bufio"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"hash"
	"io"
	"time"
)

// FormatHoldings is the file of all that is held on a programme: for handing it over,
// and for whoever has a right to know. It is made as other exports are.
const FormatHoldings = "holdings.zip"

// Whole reports whether e is all that is held on a programme.
func (e Export) Whole() bool { return e.Format == FormatHoldings }

// AskHoldings asks for the file of all that is held on a programme, for a reason that
// stands in the trail. addresses opens the sealed ones, as far as the key for them is
// here; without, they stay sealed. Errors as of AskExport.
func (s *Service) AskHoldings(ctx context.Context, id ProgrammeID, reason string, addresses bool) (Export, error) {
	if _, err := requirePerson(ctx); err != nil {
		return Export{}, err
	}
	account, err := require(ctx, id, MayManage)
	if err != nil {
		return Export{}, err
	}
	if err := checkWhy(&reason); err != nil {
		return Export{}, err
	}
	if addresses {
		if err := s.requireAddressKey(ctx); err != nil {
			return Export{}, err
		}
	}
	draw, err := s.newID()
	if err != nil {
		return Export{}, err
	}
	e, err := s.keepExport(ctx, Export{
		Programme: id, Format: FormatHoldings, Account: account.ID, By: account.Name, Reason: reason, Addresses: addresses, Concerns: account.May(id, MayReadConcerns),
		State: ExportWaiting, Created: s.moment(), Changed: s.moment(),
	}, draw)
	if err != nil {
		return e, err
	}
	s.wakeExports()
	what := string(e.ID) + ": " + reason
	if addresses {
		what = string(e.ID) + ", with addresses: " + reason
	}
	return e, s.Audit(ctx, id, "holdings.asked", what)
}

// attemptHoldings makes the file, as attemptExport does others.
func (s *Service) attemptHoldings(ctx context.Context, e Export) (*exportPieces, error) {
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	file := s.newPieces(e.Attempt)
	var err error
	if file.gone, err = s.goneMarks(ctx, e.Programme, e.Strand); err != nil {
		return nil, err
	}
	file.moment = s.moment()
	p, err := readRecord[Programme](ctx, s.store, recordProgramme, string(e.Programme))
	if err != nil {
		return nil, err
	}
	counts, err := s.store.CountResponses(ctx, p.ID)
	if err != nil {
		return nil, err
	}
	of := 0
	for _, n := range counts {
		of += n
	}
	watch := s.watchExport(ctx, e, of, stop)
	h := &holdings{s: s, p: p, e: e, at: file.moment, tell: watch.tell}
	err = survive(func() error { return h.write(ctx, file.in(ctx)) })
	if err == nil {
		err = file.close(ctx)
	}
	if ended := watch.end(); ended != nil {
		err = ended
	}
	return file, err
}

// holdings is one file of all that is held on a programme, being written.
type holdings struct {
	s    *Service
	p    Programme
	e    Export
	at   time.Time
	tell func(int)
	zip  *zip.Writer
	shut map[StrandID]*Dataset // what waits with the safeguarding lead; nil: it is handed over too

	manifest HoldingsManifest
}

// HoldingsManifest says what is in the file, so that who is handed it can tell whether
// it is whole.
type HoldingsManifest struct {
	Programme ProgrammeID    `json:"programme"`
	Name      string         `json:"name"`
	At        time.Time      `json:"at"`
	By        string         `json:"by"`
	Reason    string         `json:"reason"`
	Addresses string         `json:"addresses"` // opened, or why not
	Files     []HoldingsFile `json:"files"`
	LeftOut   []HoldingsGap  `json:"left_out"`
}

// HoldingsFile is one file: one JSON document a line, or a medium.
type HoldingsFile struct {
	Name  string `json:"name"`
	Count int    `json:"count"` // lines; 1 for a medium
	Bytes int64  `json:"bytes"`
	Sum   string `json:"sha256"`
}

// HoldingsGap is a kind that is held and not in the file, and why.
type HoldingsGap struct {
	Kind  RecordKind `json:"kind"`
	Count int        `json:"count"`
	Why   string     `json:"why"`
}

// notHandedOver are kinds that stay here: what they hold is no data on anybody, or would
// be of use to nobody but who wants to harm.
var notHandedOver = map[RecordKind]string{
	recordPairingKey:  "a key: who has it could find out whose code is whose",
	recordRoomKey:     "a key",
	recordExportPiece: "bytes of files that were made from what is here",
	recordUploadPiece: "bytes of a file that somebody sent, two days old at most",
	recordFrozenPiece: "bytes of files that can be fetched by themselves",
	recordAlert:       "letters to staff that say nothing but that there is something to do",
	recordInvitation:  "links for staff to sign in by",
}

func (h *holdings) write(ctx context.Context, w io.Writer) error {
	h.zip = zip.NewWriter(w)
	h.manifest = HoldingsManifest{Programme: h.p.ID, Name: h.p.Name, At: h.at, By: h.e.By, Reason: h.e.Reason, Addresses: h.addressesSaid()}
	if err := h.shutOut(ctx); err != nil {
		return err
	}
	if err := h.lines("programme", func(put func(any) error) error { return put(h.p) }); err != nil {
		return err
	}
	for _, one := range endings {
		if one.find == nil {
			continue
		}
		if err := h.records(ctx, one); err != nil {
			return err
		}
	}
	for _, part := range []func(context.Context) error{h.certificates, h.responses, h.linkages, h.questionnaires, h.media} {
		if err := part(ctx); err != nil {
			return err
		}
	}
	w, err := h.zip.Create("manifest.json")
	if err != nil {
		return err
	}
	to := json.NewEncoder(w)
	to.SetIndent("", "  ")
	if err := to.Encode(h.manifest); err != nil {
		return err
	}
	return h.zip.Close()
}

func (h *holdings) addressesSaid() string {
	if h.e.Addresses {
		return "opened for " + h.e.By
	}
	return "sealed: nobody asked for them to be opened"
}

// entry is one file of the zip, hashed as it is written.
type zipEntry struct {
	io.Writer
	sum  hash.Hash
	size int64
}

func (z *zipEntry) Write(b []byte) (int, error) {
	n, err := z.Writer.Write(b)
	_, _ = z.sum.Write(b[:n]) // a hash takes everything
	z.size += int64(n)
	return n, err
}

func (h *holdings) file(name string, fill func(io.Writer) (int, error)) error {
	w, err := h.zip.Create(name)
	if err != nil {
		return err
	}
	z := &zipEntry{Writer: w, sum: sha256.New()}
	n, err := fill(z)
	if err != nil {
		return fmt.Errorf("writing %s: %w", name, err)
	}
	h.manifest.Files = append(h.manifest.Files, HoldingsFile{name, n, z.size, hex.EncodeToString(z.sum.Sum(nil))})
	return nil
}

// lines writes one file of JSON documents, one a line.
func (h *holdings) lines(name string, each func(put func(any) error) error) error {
	return h.file(name+".jsonl", func(w io.Writer) (n int, err error) {
		buffer := bufio.NewWriter(w)
		to := json.NewEncoder(buffer)
		err = each(func(v any) error {
			n++
			return to.Encode(v)
		})
		if err == nil {
			err = buffer.Flush()
		}
		return n, err
	})
}

// heldRecordLine is a record as it is handed over.
type heldRecordLine struct {
	ID    string          `json:"id"`
	Scope string          `json:"scope,omitempty"`
	At    time.Time       `json:"at"`
	Body  json.RawMessage `json:"body"`
}

func (h *holdings) records(ctx context.Context, one ending) error {
	all, err := one.find(ctx, h.s, &h.p)
	if err != nil || len(all) == 0 {
		return err
	}
	why, kept := notHandedOver[one.kind]
	if one.concern && !h.e.Concerns {
		why, kept = "for the safeguarding lead only", true
	}
	if kept {
		h.manifest.LeftOut = append(h.manifest.LeftOut, HoldingsGap{one.kind, len(all), why})
		return nil
	}
	return h.lines(string(one.kind), func(put func(any) error) error {
		for _, f := range all {
			r, err := h.s.store.Record(ctx, one.kind, f.ID)
			if kindOfNil(err) == KindNotFound {
				continue
			}
			if err != nil {
				return err
			}
			body, err := h.opened(f.Strand, r)
			if err != nil {
				return err
			}
			if err := put(heldRecordLine{r.ID, r.Scope, r.At, body}); err != nil {
				return err
			}
		}
		return nil
	})
}

// opened is the body of a record, that of a contact with its address in plain words if
// that was asked for.
func (h *holdings) opened(strand StrandID, r Record) (json.RawMessage, error) {
	if r.Kind == recordReading {
		return h.reading(strand, r)
	}
	if r.Kind != recordContact || !h.e.Addresses {
		return r.Body, nil
	}
	c, err := decode[Contact](r)
	if err != nil {
		return nil, err
	}
	p, err := h.s.personOf(c)
	if err != nil {
		return nil, err
	}
	c.Sealed = nil
	return json.Marshal(struct {
		Contact
		Address string `json:"address"`
		Name    string `json:"name,omitempty"`
	}{c, p.Address, p.Name})
}

func (h *holdings) certificates(ctx context.Context) error {
	all, err := listRecords[Certificate](ctx, h.s.store, recordCertificate, string(h.p.ID))
	if err != nil || len(all) == 0 {
		return err
	}
	return h.lines("certificate", func(put func(any) error) error {
		for _, c := range all {
			if err := put(c); err != nil {
				return err
			}
		}
		return nil
	})
}

// responses writes every response, whatever its status, one at a time.
func (h *holdings) responses(ctx context.Context) error {
	n := 0
	return h.lines("response", func(put func(any) error) error {
		for _, strand := range h.p.Strands {
			for head, err := range h.s.store.ResponseHeads(ctx, h.p.ID, strand.ID) {
				if err != nil {
					return err
				}
				r, err := h.s.store.Response(ctx, head.ID)
				if kindOfNil(err) == KindNotFound {
					continue
				}
				if err != nil {
					return err
				}
				if r, err = h.without(ctx, r); err != nil {
					return err
				}
				if err := put(r); err != nil {
					return err
				}
				n++
				h.tell(n)
			}
		}
		return nil
	})
}

func (h *holdings) linkages(ctx context.Context) error {
	return h.lines("linkage", func(put func(any) error) error {
		for _, strand := range h.p.Strands {
			for l, err := range h.s.store.Linkages(ctx, h.p.ID, strand.ID) {
				if err != nil {
					return err
				}
				if err := put(l); err != nil {
					return err
				}
			}
		}
		return nil
	})
}
