package app

import (
	"bytes"
	"context"
	"io"

	"soundings/exports"
	"soundings/surveys"
	"soundings/surveys/outcomes"
)

// Files makes the files that the service is asked for, by the formats of package
// exports. Rows of a large file lie in the system's folder for temporary files while
// it is made, compressed and readable to this process's user only.
func Files() surveys.FileMaker { return files{} }

type files struct{}

// Format returns a format by its id.
func (files) Format(id string) (surveys.FileFormat, bool) {
	format, ok := exports.FormatOf(id)
	return surveys.FileFormat{ID: format.ID, Rows: format.Rows}, ok
}

// Make works out the report and writes the file.
func (files) Make(ctx context.Context, w io.Writer, m surveys.Making) (*surveys.Release, error) {
	format, ok := exports.FormatOf(m.Export.Format)
	if _, _, frozen := m.Data.Frozen(surveys.ProfileInternal); ok && frozen && format.ID == "analysis.xlsx" {
		return nil, &surveys.Error{Kind: surveys.KindInvalid, Key: "export.frozen"} // its pairs are gone
	}
	if _, gone := m.Data.Programme.RetentionDone(surveys.StepAnswers); gone && format.Rows {
		return nil, &surveys.Error{Kind: surveys.KindInvalid, Key: "export.answers_gone"}
	}
	if !ok { // asked of a newer program than this one
		return nil, &surveys.Error{Kind: surveys.KindInvalid, Key: "export.format"}
	}
	report, err := outcomes.Build(ctx, m.Data, outcomes.Options{
		Profile: m.Export.Profile, Filter: m.Export.Filter, Earlier: m.Earlier, Made: m.Moment,
	})
	if err != nil {
		return nil, err
	}
	options := exports.Options{By: m.Export.By, Language: m.Export.Language, Progress: m.Progress}
	return report.Release, format.Write(ctx, w, exports.Material{Data: m.Data, Report: report, Options: options})
}

// frozenFormats are the files that are kept beside the figures of a strand.
var frozenFormats = []string{"publication.xlsx", "summary.docx", "summary.html"}

// Freeze makes what is kept of a strand when something that its figures are worked out
// from is destroyed: the report, and the files that can be passed on.
func (files) Freeze(ctx context.Context, m surveys.Making) ([]surveys.FrozenPart, *surveys.Release, error) {
	report, err := outcomes.Build(ctx, m.Data, outcomes.Options{Profile: m.Export.Profile, Earlier: m.Earlier, Made: m.Moment})
	if err != nil {
		return nil, nil, err
	}
	body, err := outcomes.Freeze(report)
	if err != nil {
		return nil, nil, err
	}
	parts := []surveys.FrozenPart{{Name: surveys.FrozenReport, Type: "application/json", Bytes: body}}
	for _, id := range frozenFormats {
		format, ok := exports.FormatOf(id)
		if !ok {
			continue
		}
		var file bytes.Buffer
		if err := format.Write(ctx, &file, exports.Material{Data: m.Data, Report: report, Options: exports.Options{Progress: m.Progress}}); err != nil {
			return nil, nil, err
		}
		parts = append(parts, surveys.FrozenPart{Name: id, Type: format.Type, Bytes: file.Bytes()})
	}
	return parts, report.Release, nil
}
