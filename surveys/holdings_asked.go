package surveys

import (
	"context"
	"io"
	"slices"

	"soundings/surveys/questionnaire"
)

// asked are the versions that the programme's strands are answered with.
func (h *holdings) asked(ctx context.Context) (all []questionnaire.Version, err error) {
	var seen []questionnaire.ID
	for _, strand := range h.p.Strands {
		for _, id := range strand.Questionnaires() {
			if slices.Contains(seen, id) {
				continue
			}
			seen = append(seen, id)
			versions, err := h.s.versions(ctx, id)
			if err != nil {
				return nil, err
			}
			for _, v := range versions {
				in, err := h.s.Instrument(ctx, v.Questionnaire, v.Number)
				if err != nil {
					return nil, err
				}
				all = append(all, *in.Version())
			}
		}
	}
	return all, nil
}

func (h *holdings) questionnaires(ctx context.Context) error {
	all, err := h.asked(ctx)
	if err != nil {
		return err
	}
	return h.lines("version", func(put func(any) error) error {
		for _, v := range all {
			if err := put(v); err != nil {
				return err
			}
		}
		return nil
	})
}

// media writes the pictures and recordings that the questionnaires show.
func (h *holdings) media(ctx context.Context) error {
	all, err := h.asked(ctx)
	if err != nil {
		return err
	}
	var seen []string
	for _, v := range all {
		for _, id := range v.Definition.Media() {
			if slices.Contains(seen, id) {
				continue
			}
			seen = append(seen, id)
			m, err := h.s.medium(ctx, id)
			if kindOfNil(err) == KindNotFound {
				continue
			}
			if err != nil {
				return err
			}
			err = h.file("media/"+id, func(w io.Writer) (int, error) {
				_, err := w.Write(m.Data)
				return 1, err
			})
			if err != nil {
				return err
			}
		}
	}
	return nil
}
