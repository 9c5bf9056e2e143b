import {_t} from "@web/core/l10n/translation";
import {mergeRules} from "./merge_rules";

const FIXABLE = new Set(["field", "checklist", "reason", "activity"]);

/**
 * What the rules say about a move that they hold back, arranged for reading.
 *
 * The server describes it opportunity by opportunity; a seller wants to know what to
 * do: each rule once, each missing thing once, for all opportunities that miss it.
 */
export class StageRuleDecision {
    /**
     * @param {object} context of the server's ``StageRuleError``
     * @param {string} [model] that was called when the move was refused
     */
    constructor(context, model = "crm.lead") {
        this.moves = context.moves || [];
        this.held = context.held || this.moves.length;
        this.total = context.total || this.held;
        this.replay = isWhole(context.replay, model) ? context.replay : null;
        this.mayMoveOthers = Boolean(context.may_move_others) && this.held < this.total;
        this.rules = mergeRules(this.moves);
    }

    /**
     * Keep showing what was mended in an earlier round, so that it can be corrected.
     *
     * @param {StageRuleDecision} earlier
     * @param {object} done which failures look settled, by key
     * @returns {StageRuleDecision}
     */
    after(earlier, done) {
        const open = new Set(this.failures.map(({key}) => key));
        for (const rule of earlier.rules) {
            const settled = rule.failures.filter(
                ({key}) => done[key] && !open.has(key)
            );
            const known = this.rules.find(({rule_id}) => rule_id === rule.rule_id);
            if (known) {
                known.failures.unshift(...settled);
            } else if (settled.length) {
                this.rules.push({...rule, mayOverride: true, failures: settled});
            }
        }
        return this;
    }

    get isBatch() {
        return this.total > 1;
    }

    /** Ids that the move was tried with; none while an opportunity is created. */
    get ids() {
        return this.replay?.ids || [];
    }

    get failures() {
        return this.rules.flatMap((rule) => rule.failures);
    }

    get canFix() {
        return this.canReplay && this.failures.some(({fix}) => FIXABLE.has(fix?.type));
    }

    /** An approval is what is missing, and nobody was asked yet. */
    get canAsk() {
        const isOpen = (failure) => failure.fix?.type === "approval" && !failure.waits;
        return this.canReplay && this.failures.some(isOpen);
    }

    /** Every rule lets this user confirm or bypass it. */
    get canOverride() {
        return (
            this.canReplay &&
            this.rules.length > 0 &&
            this.rules.every((rule) => rule.mayOverride)
        );
    }

    /** A move of what exists can be tried again, a creation is done in its view. */
    get canReplay() {
        return this.ids.length > 0;
    }

    get isWonByOne() {
        return this.ids.length === 1 && this.moves[0]?.move === "won";
    }

    get title() {
        if (this.isBatch) {
            return _t("%(held)s of %(total)s opportunities cannot move yet", {
                held: this.held,
                total: this.total,
            });
        }
        const [move] = this.moves;
        if (!move) {
            return _t("This move is held back");
        }
        const names = {
            opportunity: move.lead_name,
            stage: move.to?.name,
            move: move.move_label,
        };
        if (move.from && move.to && move.from.id !== move.to.id) {
            return _t("%(opportunity)s cannot move to %(stage)s yet", names);
        }
        return _t("%(opportunity)s: %(move)s is held back", names);
    }
}

/**
 * Whether to replay the move is to do all that was asked for. What another model did
 * besides, a merge or a conversion, is done in its own view once nothing is missing.
 */
function isWhole(replay, model) {
    return (
        Boolean(replay) &&
        (model === "crm.lead" ||
            (model === "crm.lead.lost" && replay.method === "action_set_lost"))
    );
}
