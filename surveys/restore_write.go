package surveys

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"soundings/surveys/backup"
)

// restore is a restore while it is written.
type restore struct {
	store     Store
	how       RestoreHow
	records   []Record
	responses []Whole
	bytes     int // of documents that wait
}

// What is written at once.
const (
	restoreBatch = 500
	restoreBytes = 4 << 20
)

// prepare makes sure of the store and marks it.
func (r *restore) prepare(ctx context.Context, h backup.Header) error {
	if h.Contents != backup.Data {
		return errors.New("the file holds keys, not data: name it with -keys, and the data's file with -from")
	}
	mark, err := readRecord[restoring](ctx, r.store, recordRestoring, restoringID)
	switch {
	case kindOfNil(err) == KindNotFound:
		err = refuseFull(ctx, r.store)
	case err == nil && mark.Backup != h.ID:
		err = clearStore(ctx, r.store)
	}
	if err != nil {
		return err
	}
	record, err := encode(recordRestoring, restoringID, "", "", wholeMilliseconds(r.how.Moment), 1, restoring{h.ID, h.Moment})
	if err != nil {
		return err
	}
	return r.store.KeepRecords(ctx, []Record{record})
}

// take takes one document of the backup.
func (r *restore) take(ctx context.Context, section string, document []byte) (err error) {
	r.bytes += len(document)
	switch section {
	case sectionResponses:
		var one Response
		one, err = decodeResponse(document)
		r.responses = append(r.responses, Whole{Response: one})
	case sectionLinkages:
		err = r.link(document)
	case "gone":
		err = r.gone(ctx, document)
	default:
		var one Record
		one, err = decodeRecord(section, document)
		r.records = append(r.records, one)
	}
	if err == nil && (r.bytes > restoreBytes || len(r.records)+len(r.responses) >= restoreBatch) && section != sectionResponses {
		err = r.flush(ctx)
	}
	if err == nil && len(r.responses) >= restoreBatch { // but the last, whose linkage may come
		err = r.flushBut(ctx, 1)
	}
	return err
}

// link puts a linkage to the response it follows.
func (r *restore) link(document []byte) error {
	var d linkageDocument
	if err := json.Unmarshal(document, &d); err != nil {
		return fmt.Errorf("decoding a linkage: %w", err)
	}
	if len(r.responses) == 0 || r.responses[len(r.responses)-1].ID != d.Response {
		return errors.New("a linkage in the backup does not follow its response: it was not written by Soundings")
	}
	of := &r.responses[len(r.responses)-1]
	of.Linkage = &Linkage{Response: d.Response, Programme: of.Programme, Strand: of.Strand, Elements: d.Elements}
	return nil
}

// gone removes what the backup says is gone again.
func (r *restore) gone(ctx context.Context, document []byte) error {
	var gone backup.Gone
	if err := json.Unmarshal(document, &gone); err != nil {
		return fmt.Errorf("decoding what is gone: %w", err)
	}
	if err := r.flush(ctx); err != nil {
		return err
	}
	switch gone.Section {
	case sectionResponses:
		return r.store.DeleteResponse(ctx, ResponseID(gone.ID))
	case sectionLinkages:
		return r.store.DeleteLinkage(ctx, ResponseID(gone.ID))
	}
	return r.store.DeleteRecord(ctx, RecordKind(strings.TrimPrefix(gone.Section, sectionRecords)), gone.ID)
}

// flush writes what waits.
func (r *restore) flush(ctx context.Context) error { return r.flushBut(ctx, 0) }

// flushBut leaves the last of the responses waiting.
func (r *restore) flushBut(ctx context.Context, left int) error {
	ready := r.responses[:max(0, len(r.responses)-left)]
	if len(ready) > 0 {
		if err := r.store.KeepResponses(ctx, lastOfEach(ready)); err != nil {
			return err
		}
	}
	if len(r.records) > 0 {
		if err := r.store.KeepRecords(ctx, r.records); err != nil {
			return err
		}
	}
	r.responses = slices.Clone(r.responses[len(ready):])
	r.records, r.bytes = nil, 0
	return nil
}

// lastOfEach leaves out what is replaced within a batch.
func lastOfEach(all []Whole) []Whole {
	at := make(map[ResponseID]int, len(all))
	for i, r := range all {
		at[r.ID] = i
	}
	if len(at) == len(all) {
		return all
	}
	var last []Whole
	for i, r := range all {
		if at[r.ID] == i {
			last = append(last, r)
		}
	}
	return last
}

// tallies counts everything that a backup of the store would hold, by section. With
// keys also those.
func tallies(ctx context.Context, store Store, withKeys bool) (map[string]*backup.Tally, error) {
	view, err := store.Snapshot(ctx)
	if err != nil {
		return nil, err
	}
	defer view.Close() // it was only read
	all := map[string]*backup.Tally{}
	count := func(_ string, parts []underKey) error {
		for _, one := range parts {
			if all[one.section] == nil {
				all[one.section] = &backup.Tally{}
			}
			all[one.section].Add(one.document)
		}
		return nil
	}
	reading := &backupWriting{view: view, how: BackupHow{WithKeys: withKeys}}
	if err := reading.responses(ctx, count); err != nil {
		return nil, err
	}
	return all, reading.records(ctx, count)
}

// compare reads everything back and compares it with what the backup tells.
func compare(ctx context.Context, store Store, told backup.Trailer) error {
	withKeys := false
	for kind := range keyKinds {
		withKeys = withKeys || told.Section(sectionRecords+string(kind)).Held > 0
	}
	all, err := tallies(ctx, store, withKeys)
	if err != nil {
		return fmt.Errorf("reading back what was restored: %w", err)
	}
	var differs []string
	for _, s := range told.Sections {
		if s.Name == "gone" {
			continue
		}
		tally := all[s.Name]
		if tally == nil {
			tally = &backup.Tally{}
		}
		if said := tally.Differs(s); said != "" {
			differs = append(differs, said)
		}
		delete(all, s.Name)
	}
	for _, name := range slices.Sorted(maps.Keys(all)) {
		differs = append(differs, fmt.Sprintf("%s: %d, and the backup holds none", name, all[name].Held))
	}
	if len(differs) > 0 {
		return fmt.Errorf("what was read back is not what the backup holds (%s): do not use this store; begin with an empty one", strings.Join(differs, "; "))
	}
	return nil
}

// lookedAt bounds how many of each are counted for a refusal.
const lookedAt = 1000

// refuseFull refuses a store that holds anything but what passes, and says what.
func refuseFull(ctx context.Context, store Store) error {
	view, err := store.Snapshot(ctx)
	if err != nil {
		return err
	}
	defer view.Close() // it was only read
	counts := map[string]int{}
	for r, err := range view.Records(ctx) {
		if err != nil {
			return err
		}
		if _, passes := notBackedUp[r.Kind]; !passes && counts[string(r.Kind)] < lookedAt {
			counts[string(r.Kind)]++
		}
	}
	for _, err := range view.Responses(ctx) {
		if err != nil {
			return err
		}
		if counts[sectionResponses]++; counts[sectionResponses] == lookedAt {
			break
		}
	}
	if len(counts) == 0 {
		return nil
	}
	return fmt.Errorf("%s holds data already (%s): a backup is restored into an empty store only; name another folder or database", store.Describe(), inWords(counts))
}

// inWords names the responses and what there is most of: "1000 or more responses, 2 programme".
func inWords(counts map[string]int) string {
	const named = 6
	names := slices.SortedFunc(maps.Keys(counts), func(a, b string) int {
		if order := cmp.Compare(counts[b], counts[a]); order != 0 && a != sectionResponses && b != sectionResponses {
			return order
		}
		return cmp.Or(boolOrder(b == sectionResponses, a == sectionResponses), strings.Compare(a, b))
	})
	var said []string
	for i, name := range names {
		if i == named {
			said = append(said, "and more")
			break
		}
		more := ""
		if counts[name] == lookedAt {
			more = " or more"
		}
		said = append(said, fmt.Sprintf("%d%s %s", counts[name], more, strings.ReplaceAll(name, "_", " ")))
	}
	return strings.Join(said, ", ")
}

// clearStore removes everything: what another restore left, which began with an empty store.
func clearStore(ctx context.Context, store Store) error {
	view, err := store.Snapshot(ctx)
	if err != nil {
		return err
	}
	defer view.Close() // it was only read
	for r, err := range view.Responses(ctx) {
		if err == nil {
			err = store.DeleteResponse(ctx, r.ID)
		}
		if err != nil {
			return fmt.Errorf("clearing what a broken-off restore left: %w", err)
		}
	}
	for r, err := range view.Records(ctx) {
		if err == nil && r.Kind != recordRestoring { // the mark goes last, by being written over
			err = store.DeleteRecord(ctx, r.Kind, r.ID)
		}
		if err != nil {
			return fmt.Errorf("clearing what a broken-off restore left: %w", err)
		}
	}
	return nil
}
