import {Component, onMounted, useEffect, useRef, useState} from "@odoo/owl";
import {Dialog} from "@web/core/dialog/dialog";
import {standardErrorDialogProps} from "@web/core/errors/error_dialogs";
import {hasTouch} from "@web/core/browser/feature_detection";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {useService} from "@web/core/utils/hooks";
import {StageRuleDecision} from "./stage_rule_decision";
import {StageRuleDraft} from "./stage_rule_draft";
import {StageRuleFailure} from "./stage_rule_failure";
import {STAGE_RULE_ERROR} from "./stage_rule_service";

const MISSING = ["input", "select", "textarea", "button"]
    .map((tag) => `.o_stage_rule_failure ${tag}:not([disabled])`)
    .join(", ");

/**
 * Everything that holds a move back, put right where the user stands.
 *
 * Odoo opens it for each error of the server that carries our name, whatever view
 * tried the move.
 */
export class StageRuleDialog extends Component {
    static template = "sales_opportunity_plus.StageRuleDialog";
    static components = {Dialog, StageRuleFailure};
    static props = {...standardErrorDialogProps};

    setup() {
        this.stageRule = useService("stage_rule");
        this.body = useRef("body");
        this.noteRef = useRef("note");
        this.draft = useState(new StageRuleDraft());
        this.state = useState({
            decision: this.decide(this.props.data?.context || {}),
            // "fix", or what a note is written for: "ask", "override"
            mode: "fix",
            busy: false,
            tries: 0,
        });
        onMounted(() => this.stageRule.heldBack(this.decision.ids));
        useEffect(
            () => this.focusFirst(),
            () => [this.state.tries]
        );
        useEffect(
            (mode, note) => mode !== "fix" && note?.focus(),
            () => [this.state.mode, this.noteRef.el]
        );
    }

    get decision() {
        return this.state.decision;
    }

    decide(context) {
        return new StageRuleDecision(context, this.props.model);
    }

    get noteLabel() {
        return this.state.mode === "override"
            ? _t("Why should it move all the same? The reason is kept.")
            : _t("Note to the approver");
    }

    get canSend() {
        const needsNote = this.state.mode === "override";
        return !this.state.busy && (!needsNote || Boolean(this.draft.note.trim()));
    }

    /** An on-screen keyboard would cover what is to be read first. */
    focusFirst() {
        if (!hasTouch() && !this.env.isSmall) {
            const open = [...this.body.el.querySelectorAll(MISSING)];
            const isDone = (element) => element.closest("[data-done='1']");
            open.find((element) => !isDone(element))?.focus();
        }
    }

    /** Enter does what the first button says, unless it has a meaning of its own. */
    onKeydown(ev) {
        const {target} = ev;
        if (
            ev.key === "Enter" &&
            !ev.defaultPrevented &&
            target.matches("input:not([type=checkbox])") &&
            target.getAttribute("aria-expanded") !== "true"
        ) {
            ev.preventDefault();
            this.fix();
        }
    }

    fix() {
        return this.decision.canFix && this.move({});
    }

    send() {
        if (!this.canSend) {
            return;
        }
        return this.state.mode === "ask"
            ? this.ask()
            : this.move({override_reason: this.draft.note.trim()});
    }

    move(options) {
        return this.attempt(async () => {
            const changes = await this.draft.changes();
            const result = await this.stageRule.move(this.decision, changes, {
                ...(this.draft.reasonId ? {reason_id: this.draft.reasonId} : {}),
                ...options,
            });
            this.props.close();
            await this.stageRule.moved(this.decision, result, this.props.model);
        });
    }

    ask() {
        return this.attempt(async () => {
            const changes = await this.draft.changes();
            const result = await this.stageRule.ask(this.decision, changes, this.draft);
            this.props.close();
            await this.stageRule.asked(this.decision, result, this.props.model);
        });
    }

    /** Try; when rules still hold the move back, show what they say now. */
    async attempt(action) {
        if (this.state.busy || !(await this.draft.isValid())) {
            return;
        }
        this.state.busy = true;
        try {
            await action();
        } catch (error) {
            if (error.exceptionName !== STAGE_RULE_ERROR) {
                throw error;
            }
            const decision = this.decide(error.data.context);
            this.state.decision = decision.after(this.decision, this.draft.done);
            this.state.mode = "fix";
            this.state.tries++;
        } finally {
            this.state.busy = false;
        }
    }
}

registry.category("error_dialogs").add(STAGE_RULE_ERROR, StageRuleDialog);
