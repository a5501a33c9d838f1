/* peer writes the cells of a file with libxlsxwriter in constant-memory mode, as
 * .ci/benchmark made it: per sheet 'S' and its name, per row 'R', per cell 'B' blank,
 * 'N' or 'D' (a date) and a double, 'T' and a text; texts are a length of 4 bytes and
 * UTF-8. The machine's own byte order.
 *
 *   peer CELLS OUT.xlsx
 */
#include <stdio.h>
#include <stdlib.h>
#include <stdint.h>
#include <xlsxwriter.h>

static char *text(FILE *in, char **held, uint32_t *room) {
    uint32_t n;
    if (fread(&n, 4, 1, in) != 1) exit(3);
    if (n + 1 > *room) { *room = n + 1; *held = realloc(*held, *room); }
    if (n && fread(*held, 1, n, in) != n) exit(3);
    (*held)[n] = 0;
    return *held;
}

int main(int argc, char **argv) {
    if (argc != 3) return 2;
    FILE *in = fopen(argv[1], "rb");
    if (!in) { perror(argv[1]); return 2; }
    setvbuf(in, NULL, _IOFBF, 1 << 20);
    lxw_workbook_options options = {.constant_memory = LXW_TRUE};
    lxw_workbook *book = workbook_new_opt(argv[2], &options);
    lxw_format *date = workbook_add_format(book);
    format_set_num_format(date, "yyyy-mm-dd hh:mm");
    lxw_worksheet *sheet = NULL;
    char *held = NULL;
    uint32_t room = 0;
    lxw_row_t row = 0;
    lxw_col_t column = 0;
    int begun = 0;
    double number;
    for (int tag; (tag = getc(in)) != EOF;) switch (tag) {
    case 'S': sheet = workbook_add_worksheet(book, text(in, &held, &room)); begun = 0; row = 0; break;
    case 'R': if (begun) row++; begun = 1; column = 0; break;
    case 'B': column++; break;
    case 'N': case 'D':
        if (fread(&number, 8, 1, in) != 1) return 3;
        if (worksheet_write_number(sheet, row, column++, number, tag == 'D' ? date : NULL)) return 4;
        break;
    case 'T': if (worksheet_write_string(sheet, row, column++, text(in, &held, &room), NULL)) return 4; break;
    default: return 3;
    }
    return workbook_close(book) != LXW_NO_ERROR;
}
