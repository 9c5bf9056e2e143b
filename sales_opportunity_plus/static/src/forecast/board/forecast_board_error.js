import {_t} from "@web/core/l10n/translation";
import {odooExceptionTitleMap} from "@web/core/errors/error_dialogs";
import {ConnectionLostError} from "@web/core/network/rpc";

/**
 * What a person reads when the board could not be read. What Odoo says to people is in
 * their language; the text of any other exception tells them nothing.
 *
 * @param {Error} error of a call to the server
 * @returns {string}
 */
export function errorText(error) {
    if (error instanceof ConnectionLostError) {
        return _t("The connection is lost. Check your network, then try again.");
    }
    if (odooExceptionTitleMap.has(error.exceptionName) && error.data?.message) {
        return error.data.message;
    }
    return _t(
        "The forecast could not be read. Try again; if it stays so, tell your administrator."
    );
}
