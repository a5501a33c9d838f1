package sqlitestore

import (
	"context"
	"iter"

	"soundings/surveys"
)

const (
	putLinkage     = `INSERT INTO linkages (number, elements) SELECT number, ? FROM responses WHERE id = ? ON CONFLICT DO UPDATE SET elements = excluded.elements`
	selectLinkages = `SELECT id, elements FROM responses JOIN linkages USING (number) WHERE programme = ? AND strand = ? ORDER BY id`
)

// linkageArgs returns nil for no linkage. Programme and strand are the response's.
func linkageArgs(l *surveys.Linkage) []any {
	if l == nil {
		return nil
	}
	return []any{encodeTexts(l.Elements), string(l.Response)}
}

// Linkages streams the linkages of a strand by response id.
func (s *Store) Linkages(ctx context.Context, programme surveys.ProgrammeID, strand surveys.StrandID) iter.Seq2[surveys.Linkage, error] {
	return stream(ctx, s, "listing linkages", s.reads.linkages, []any{string(programme), string(strand)}, func(row scanner) (surveys.Linkage, error) {
		l := surveys.Linkage{Programme: programme, Strand: strand}
		var elements string
		if err := row.Scan(&l.Response, &elements); err != nil {
			return l, err
		}
		var err error
		l.Elements, err = decodeTexts(elements)
		return l, err
	})
}
