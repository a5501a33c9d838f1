package demo_test

import (
	"bytes"
	"crypto/rand"
	"encoding/json"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"soundings/exports"
	"soundings/surveys"
	"soundings/surveys/outcomes"
	"soundings/surveys/storetest"
)

// moved restores what is in one store into another.
func moved(t *testing.T, from, to surveys.Store) surveys.Restored {
	t.Helper()
	var file bytes.Buffer
	if _, err := surveys.WriteBackup(t.Context(), from, &file, surveys.BackupHow{Product: "test", Moment: time.Now(), ID: rand.Text(), WithKeys: true}); err != nil {
		t.Fatal(err)
	}
	restored, err := surveys.Restore(t.Context(), to, &file, surveys.RestoreHow{Moment: time.Now()})
	if err != nil {
		t.Fatal(err)
	}
	return restored
}

// TestDemonstrationMoves moves the demonstration from SQLite to MongoDB and back:
// every document, every report and every workbook is the same to the last byte. On
// the stand-in, which reads all of a collection for each question, the two largest
// strands, links and trails are left out.
func TestDemonstrationMoves(t *testing.T) {
	l := demonstration(t)
	there, back := storetest.Mongo(t), storetest.SQLite(t)
	small := storetest.OpenSQLite(t, filepath.Join(t.TempDir(), "small.db"))
	moved(t, l.store, small)
	for _, name := range []string{"pupil_workshop", "trainee_day"} {
		if _, err := small.DeleteResponses(t.Context(), l.strands[name], strandOf[name]); err != nil {
			t.Fatal(err)
		}
	}
	for _, kind := range []surveys.RecordKind{"audit", "link"} {
		if _, err := small.DeleteRecordsBefore(t.Context(), kind, time.Now().Add(time.Hour)); err != nil {
			t.Fatal(err)
		}
	}
	first := moved(t, small, there)
	second := moved(t, there, back)
	if diff := cmp.Diff(first.Trailer.Sections, second.Trailer.Sections); diff != "" {
		t.Errorf("what was moved to MongoDB differs from what was moved back (-there +back):\n%s", diff)
	}
	at := time.Now().Truncate(time.Second)
	for name := range strandOf {
		before, after := l.worked(t, small, name, at), l.worked(t, back, name, at)
		if !bytes.Equal(before.report, after.report) || !bytes.Equal(before.workbook, after.workbook) {
			t.Errorf("%s: the report is the same: %v; the workbook of %d bytes: %v", name, bytes.Equal(before.report, after.report), len(before.workbook), bytes.Equal(before.workbook, after.workbook))
		}
	}
}

// worked is what is worked out of one strand.
type worked struct{ report, workbook []byte }

func (l *loaded) worked(t *testing.T, store surveys.Store, name string, at time.Time) worked {
	t.Helper()
	data, err := surveys.NewService(store, func() time.Time { return at }, rand.Reader).Dataset(l.ctx, l.strands[name], strandOf[name])
	if err != nil {
		t.Fatal(err)
	}
	report, err := outcomes.Build(t.Context(), data, outcomes.Options{Made: at})
	if err != nil {
		t.Fatal(err)
	}
	var out worked
	if out.report, err = json.Marshal(report); err != nil {
		t.Fatal(err)
	}
	format, _ := exports.FormatOf("analysis.xlsx")
	var workbook bytes.Buffer
	if err := format.Write(t.Context(), &workbook, exports.Material{Data: data, Report: report}); err != nil {
		t.Fatal(err)
	}
	out.workbook = workbook.Bytes()
	return out
}
