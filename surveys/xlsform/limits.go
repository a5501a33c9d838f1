package xlsform

// What a workbook may need, counted on bytes really unpacked and not on what the
// file says of itself. They are far above any questionnaire and keep the worst
// file within about 100 MB.
const (
	maxFile    = 10 << 20  // bytes of the file
	maxEntries = 2_000     // files in the zip archive
	maxPart    = 64 << 20  // bytes of one file in it, unpacked
	maxAll     = 128 << 20 // bytes of all that is read
	maxRatio   = 200       // of unpacked to packed, above freeRatio
	freeRatio  = 1 << 20   // bytes that may be packed as tightly as they like
	maxMarkup  = 1 << 20   // bytes without a tag: no cell, attribute or comment is longer
	maxText    = 16 << 20  // bytes of text in all cells, and in the table of shared texts
	maxCells   = 500_000   // cells that hold something
	maxRows    = 10_000    // rows of one sheet that hold something
	maxNodes   = 4_000_000 // tags and attributes of all parts together
	maxShared  = 500_000   // texts that cells share
	maxSheets  = 200
	maxOptions = 200_000 // choices of all questions together: a list counts as often as it is used
	maxGap     = 60      // empty rows within a sheet; more end it
	maxStyles  = 70_000  // formats of cells; Excel has at most 64,000

	lastColumn = 16_384    // of Excel
	lastRow    = 1_048_576 // of Excel
)
