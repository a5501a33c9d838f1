package demo

import (
	"context"
	"fmt"

	"soundings/surveys"
	"soundings/surveys/questionnaire"
)

// showcase is a questionnaire that no programme asks yet, in four languages and
// with conditions: for looking at, trying out and changing.
const showcase questionnaire.ID = "womens_workshop"

// setUpShowcase publishes the showcase and begins its next version, with one
// question reworded, so that there is a difference to decide about.
func setUpShowcase(ctx context.Context, h *history) error {
	definition, err := readDefinition(showcase)
	if err != nil {
		return err
	}
	if err := addPictures(ctx, h.next()); err != nil {
		return err
	}
	if _, err := h.next().Publish(ctx, showcase, definition); err != nil {
		return fmt.Errorf("publishing %s: %w", showcase, err)
	}
	if _, err := h.next().StartDraft(ctx, showcase); err != nil {
		return fmt.Errorf("beginning the next version of %s: %w", showcase, err)
	}
	_, err = h.next().EditDraft(ctx, showcase, "Reworded “useful”", func(d *questionnaire.Definition) error {
		return reword(d, "useful", "en", "How useful was today’s workshop to you?")
	})
	if err != nil {
		return fmt.Errorf("changing %s: %w", showcase, err)
	}
	return nil
}

// addPictures keeps the pictures that the showcase names.
func addPictures(ctx context.Context, service *surveys.Service) error {
	const folder = "data/pictures"
	pictures, err := files.ReadDir(folder)
	if err != nil {
		return fmt.Errorf("reading the pictures: %w", err)
	}
	for _, picture := range pictures {
		data, err := files.ReadFile(folder + "/" + picture.Name())
		if err != nil {
			return fmt.Errorf("reading a picture: %w", err)
		}
		if _, err := service.AddMedium(ctx, data); err != nil {
			return fmt.Errorf("keeping %s: %w", picture.Name(), err)
		}
	}
	return nil
}

// reword gives an item other words in one language.
func reword(d *questionnaire.Definition, id questionnaire.ItemID, language, words string) error {
	for i := range d.Parts {
		for j := range d.Parts[i].Items {
			if item := &d.Parts[i].Items[j]; item.ID == id {
				item.Label[language] = words
				return nil
			}
		}
	}
	return fmt.Errorf("%s has no item %s", showcase, id)
}
