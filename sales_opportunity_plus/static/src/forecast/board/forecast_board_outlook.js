/** Behind the last row that is below the parent. */
function placeBelow(rows, parent) {
    const start = rows.findIndex(({key}) => key === parent);
    const end = rows.findIndex(
        ({depth}, place) => place > start && depth <= rows[start].depth
    );
    return end < 0 ? rows.length : end;
}

/**
 * The first screen of the board with the numbers, the rows and the notes of what was
 * read after it; ``engine.board_outlook`` does the same for the workbook.
 *
 * @param {object} board
 * @param {object} outlook
 * @returns {object}
 */
export function withOutlook(board, outlook) {
    const rows = [...board.rows];
    for (const row of outlook.rows) {
        const place = rows.findIndex(({key}) => key === row.key);
        if (place < 0) {
            rows.splice(placeBelow(rows, row.parent), 0, row);
        } else {
            const values = {...rows[place].values};
            for (const name of outlook.names) {
                values[name] = row.values[name];
            }
            rows[place] = {...rows[place], values};
        }
    }
    return {...board, rows, notes: [...board.notes, ...outlook.notes]};
}
