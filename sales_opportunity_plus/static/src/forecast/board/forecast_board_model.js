import {reactive} from "@odoo/owl";
import {errorText} from "./forecast_board_error";
import {withOutlook} from "./forecast_board_outlook";

/**
 * The board that was read last, and the one that is being read. What is on the screen
 * stays until the new figures are there; a late answer to an old question is dropped.
 */
export class ForecastBoardModel {
    constructor(orm, options) {
        this.orm = orm;
        this.asked = 0;
        this.options = options;
        this.domain = [];
        this.data = null;
        this.error = "";
        this.isLoading = false;
        this.folded = {};
    }

    static create(orm, options) {
        return reactive(new ForecastBoardModel(orm, options));
    }

    get question() {
        const {period, day, measure} = this.options;
        return {kind: period, day, measure, domain: this.domain};
    }

    async load() {
        const number = ++this.asked;
        this.isLoading = true;
        try {
            const data = await this.orm.call("crm.forecast.board", "read_board", [
                this.question,
            ]);
            if (number === this.asked) {
                this.data = data;
                this.error = "";
                this.loadOutlook(number);
            }
        } catch (error) {
            if (number === this.asked) {
                this.error = errorText(error);
            }
        } finally {
            if (number === this.asked) {
                this.isLoading = false;
            }
        }
    }

    /** What takes longer to read comes after the first screen. */
    async loadOutlook(number) {
        try {
            const outlook = await this.orm.call("crm.forecast.board", "read_outlook", [
                this.question,
            ]);
            if (number === this.asked) {
                this.data = withOutlook(this.data, outlook);
            }
        } catch (error) {
            if (number === this.asked) {
                this.error = errorText(error);
            }
        }
    }

    get columns() {
        const {shown} = this.options;
        return this.data.columns.filter(
            ({name, optional}) => Boolean(optional) === shown.includes(name)
        );
    }

    isFolded(row) {
        return Boolean(this.folded[row.key]);
    }

    toggle(row) {
        this.folded[row.key] = !this.folded[row.key];
    }

    /**
     * The rows whose parents are all unfolded.
     *
     * @returns {object[]}
     */
    get rows() {
        const open = new Set([null]);
        return this.data.rows.filter((row) => {
            const isShown = open.has(row.parent);
            if (isShown && !this.isFolded(row)) {
                open.add(row.key);
            }
            return isShown;
        });
    }

    get isEmpty() {
        return this.data.rows.length <= 1;
    }
}
