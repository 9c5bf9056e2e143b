// Steps that the tours of stage rules share.

export const DIALOG = ".o_dialog .o_stage_rule_dialog";
export const currentStage = (name) => `.o_arrow_button_current:contains(${name})`;

export const clickStage = (name) => ({
    content: `Click ${name} in the status bar`,
    trigger: `.o_statusbar_status .o_arrow_button:contains(${name})`,
    run: "click",
});

export const click = (name) => ({
    content: `Click ${name} in the dialog`,
    trigger: `${DIALOG} .o_stage_rule_${name}:enabled`,
    run: "click",
});

export const dialogSays = (text) => ({
    content: `The dialog says: ${text}`,
    trigger: `${DIALOG}:contains(${text})`,
});

export const dialogIsGone = {trigger: `body:not(:has(${DIALOG}))`};

export const fillIn = [
    {
        content: "The first missing thing has the focus",
        trigger: `${DIALOG} .o_field_widget[name=date_deadline] input:focus`,
        run: "edit 12/24/2024 && press Tab",
    },
    {
        content: "What was typed is good",
        trigger: `${DIALOG} .o_stage_rule_failure[data-done="1"][data-kind=field]`,
    },
];

export const tick = [
    {
        content: "Tick what is to be ticked",
        trigger: `${DIALOG} .o_stage_rule_checklist label:contains(Budget confirmed)`,
        run: "click",
    },
    {
        trigger: `${DIALOG} .o_stage_rule_failure[data-done="1"][data-kind=checklist]`,
    },
];
