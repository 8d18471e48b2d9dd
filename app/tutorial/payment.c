/* A union that a member discriminates: C's own tag and union, one model for each arm. */
#include "tutorial.h"

struct card {
    const char *number;
    int64_t month, year;
};
static GR_MODEL(card,
    GR_FIELD(number, .pattern = "^[0-9]{12,19}$", .secret = true),
    GR_FIELD(month, GR_GE(1), GR_LE(12)),
    GR_FIELD(year, GR_GE(2024)));

struct transfer {
    const char *iban;
};
static GR_MODEL(transfer, GR_FIELD(iban, .min_len = 15, .max_len = 34));

struct payment {
    enum { BY_CARD, BY_TRANSFER } kind;
    union {
        struct card card;
        struct transfer transfer;
    };
};
static GR_MODEL(payment,
    GR_TAG(kind, .alias = "method"),
    GR_ARM(card, card, BY_CARD),
    GR_ARM(transfer, transfer, BY_TRANSFER, .alias = "bank-transfer"));

struct pay {
    double amount;
    struct payment payment;
};
static GR_INPUT(pay, GR_FIELD(amount, GR_GT(0)), GR_BODY(payment, payment));

struct receipt {
    double amount;
    const char *by;
};
static GR_MODEL(receipt, GR_FIELD(amount), GR_FIELD(by));

static gr_reply pay(GR_UNUSED gr_co co, gr_req *req, const struct pay *in)
{
    const struct payment *payment = &in->payment;
    const char *by = payment->kind == BY_CARD
                         ? gr_printf(req, "card of %d/%d", (int)payment->card.month, (int)payment->card.year)
                         : payment->transfer.iban;
    return receipt_reply(req, &(struct receipt){in->amount, by});
}
GR_POST("/pay", pay, .response = receipt_model);

gr_app *tutorial_app(void)
{
    gr_app *app = gr_app_create("Payments", "1.0");
    gr_app_add(app, &pay_route);
    return app;
}
