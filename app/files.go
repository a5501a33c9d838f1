package app

import (
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
