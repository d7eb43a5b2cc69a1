/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The transition table, row by row. Also covers: transition-judge. */

#include "core/assignment/transition.h"

#include "core/assignment/roll-plan.h"

#include <string.h>

#include "core/base/error.h"

#define A "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define B "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"
#define C "cccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccc"

#define NOW 1814313600      /* 2027-06-30T00:00:00Z */
#define HOUR 3600
#define DAY (24 * HOUR)
#define YEAR (365 * DAY)

#define OAUTH "OAuthTokenIssuer"
#define AV "AudioVideoAuthentication"
#define WEB "WebServicesInternal"

/* Slots are written as three letters, "ab-": A current, B previous, nothing staged. */
static char *
dup_hash (char letter)
{
  return letter == '-' ? NULL : g_strnfill (64, letter);
}

static IssAssignment *
make (const char *type,
      const char *slots)
{
  IssAssignment *assignment = iss_assignment_new (iss_certificate_type_find (type));

  for (guint i = 0; i < ISS_N_SLOTS; i++)
    assignment->slot[i] = dup_hash (slots[i]);
  if (slots[ISS_SLOT_STAGED] != '-')
    {
      assignment->staged_at = NOW + DAY;
      assignment->staged_typed = g_strdup ("1 July");
      assignment->staged_zone = g_strdup ("Europe/Berlin");
    }

  return assignment;
}

static void
assert_slots (const IssAssignment *assignment,
              const char          *expected)
{
  char found[ISS_N_SLOTS + 1] = { 0 };

  for (guint i = 0; i < ISS_N_SLOTS; i++)
    found[i] = assignment->slot[i] != NULL ? assignment->slot[i][0] : '-';

  g_assert_cmpstr (found, ==, expected);
}

/* "error:code warning:code …", in order. */
static char *
describe (GPtrArray *findings)
{
  static const char *const severities[] = { "", "error", "warning", "note" };
  g_autoptr(GString) text = g_string_new (NULL);

  for (guint i = 0; i < findings->len; i++)
    {
      const IssFinding *finding = g_ptr_array_index (findings, i);

      g_assert_cmpstr (finding->text, !=, "");
      g_assert_false (g_str_has_suffix (finding->text, "."));
      g_test_message ("%s", finding->text);
      g_string_append_printf (text, "%s%s:%s", i > 0 ? " " : "", severities[finding->severity],
                              finding->code);
    }

  return g_string_free (g_steal_pointer (&text), FALSE);
}

/* What becomes of the slots. */
static void
test_apply (void)
{
  static const struct
  {
    IssTransitionKind  kind;
    const char        *before;
    char               given;
    IssStagedFate      staged;
    const char        *after;     /* NULL: nothing changes */
  } cases[] =
  {
    { ISS_TRANSITION_SET, "---", 'a', ISS_STAGED_ASK, "a--" },
    { ISS_TRANSITION_SET, "a--", 'a', ISS_STAGED_ASK, NULL },
    { ISS_TRANSITION_SET, "a--", 'b', ISS_STAGED_ASK, "ba-" },
    { ISS_TRANSITION_SET, "ab-", 'b', ISS_STAGED_ASK, "ba-" },
    { ISS_TRANSITION_SET, "ab-", 'c', ISS_STAGED_ASK, "ca-" },
    { ISS_TRANSITION_SET, "-b-", 'c', ISS_STAGED_ASK, "cb-" },
    { ISS_TRANSITION_SET, "-b-", 'b', ISS_STAGED_ASK, "b--" },
    { ISS_TRANSITION_SET, "abc", 'd', ISS_STAGED_KEEP, "dac" },
    { ISS_TRANSITION_SET, "abc", 'd', ISS_STAGED_CANCEL, "da-" },
    { ISS_TRANSITION_SET, "abc", 'c', ISS_STAGED_ASK, "ca-" },
    { ISS_TRANSITION_SET, "abc", 'a', ISS_STAGED_CANCEL, NULL },

    { ISS_TRANSITION_STAGE, "a--", 'b', ISS_STAGED_ASK, "a-b" },
    { ISS_TRANSITION_STAGE, "ab-", 'c', ISS_STAGED_ASK, "abc" },
    { ISS_TRANSITION_STAGE, "abc", 'd', ISS_STAGED_ASK, "abd" },
    { ISS_TRANSITION_STAGE, "ab-", 'b', ISS_STAGED_ASK, "abb" },

    { ISS_TRANSITION_ROLL, "a-b", '-', ISS_STAGED_ASK, "ba-" },
    { ISS_TRANSITION_ROLL, "abc", '-', ISS_STAGED_ASK, "ca-" },
    { ISS_TRANSITION_ROLL, "abb", '-', ISS_STAGED_ASK, "ba-" },
    { ISS_TRANSITION_ROLL, "-ab", '-', ISS_STAGED_ASK, "ba-" },

    { ISS_TRANSITION_CANCEL, "abc", '-', ISS_STAGED_ASK, "ab-" },

    { ISS_TRANSITION_SWAP_BACK, "ab-", '-', ISS_STAGED_ASK, "ba-" },
    { ISS_TRANSITION_SWAP_BACK, "-b-", '-', ISS_STAGED_ASK, "b--" },
    { ISS_TRANSITION_SWAP_BACK, "abc", '-', ISS_STAGED_KEEP, "bac" },
    { ISS_TRANSITION_SWAP_BACK, "abc", '-', ISS_STAGED_CANCEL, "ba-" },

    { ISS_TRANSITION_REPLACE, "ab-", 'c', ISS_STAGED_ASK, "c--" },
    { ISS_TRANSITION_REPLACE, "abd", 'c', ISS_STAGED_ASK, "c-d" },
    { ISS_TRANSITION_REPLACE, "a-c", 'c', ISS_STAGED_ASK, "c--" },
    { ISS_TRANSITION_REPLACE, "a-a", 'c', ISS_STAGED_ASK, "c--" },
    { ISS_TRANSITION_REPLACE, "b-a", 'c', ISS_STAGED_ASK, "c--" },
    { ISS_TRANSITION_REPLACE, "ca-", 'c', ISS_STAGED_ASK, "c--" },

    { ISS_TRANSITION_REMOVE_CURRENT, "abc", '-', ISS_STAGED_ASK, "-bc" },
    { ISS_TRANSITION_REMOVE_PREVIOUS, "abc", '-', ISS_STAGED_ASK, "a-c" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(IssAssignment) assignment = make (OAUTH, cases[i].before);
      g_autofree char *given = dup_hash (cases[i].given);
      const IssTransition transition =
        {
          .kind = cases[i].kind, .sha256_hex = given, .staged = cases[i].staged,
          .compromised_hex = A,
          .now = NOW, .instant = NOW + 2 * DAY,
        };
      gboolean changed;

      g_test_message ("%s %s %c", iss_transition_get_name (cases[i].kind), cases[i].before,
                      cases[i].given);
      assignment->scope[0] = 'L';
      changed = iss_transition_apply (assignment, &transition);
      g_assert_cmpint (changed, ==, cases[i].after != NULL);
      assert_slots (assignment, changed ? cases[i].after : cases[i].before);

      /* An instant belongs to a staged one, and only that one. */
      g_assert_cmpint (assignment->staged_at != 0, ==, assignment->slot[ISS_SLOT_STAGED] != NULL);
      if (assignment->slot[ISS_SLOT_STAGED] == NULL)
        g_assert_null (assignment->staged_typed);

      /* Since when it is current counts from the change of what is current. */
      g_assert_cmpint (assignment->current_since, ==,
                       changed && cases[i].after[0] != '-' &&
                       cases[i].after[0] != cases[i].before[0] ? NOW : 0);
      g_assert_cmpint (assignment->scope[0], ==,
                       changed && cases[i].kind != ISS_TRANSITION_ROLL ? 'l' : 'L');
      g_assert_cmpuint (assignment->revision, ==, 0);
    }
}

static void
test_instant (void)
{
  g_autoptr(IssAssignment) assignment = make (OAUTH, "a--");
  IssTransition transition =
    {
      .kind = ISS_TRANSITION_STAGE, .sha256_hex = B, .now = NOW, .instant = NOW + DAY,
      .typed = "tomorrow", .zone = "UTC", .held = TRUE,
    };

  g_assert_true (iss_transition_apply (assignment, &transition));
  g_assert_cmpint (assignment->staged_at, ==, NOW + DAY);
  g_assert_cmpstr (assignment->staged_typed, ==, "tomorrow");
  g_assert_true (assignment->held);
  g_assert_false (iss_assignment_is_due (assignment, NOW + DAY));
  g_assert_false (iss_transition_apply (assignment, &transition));

  transition.kind = ISS_TRANSITION_ARM;
  g_assert_true (iss_transition_apply (assignment, &transition));
  g_assert_false (assignment->held);
  g_assert_false (iss_transition_apply (assignment, &transition));
  g_assert_false (iss_assignment_is_due (assignment, NOW + DAY - 1));
  g_assert_true (iss_assignment_is_due (assignment, NOW + DAY));

  transition.kind = ISS_TRANSITION_POSTPONE;
  g_assert_false (iss_transition_apply (assignment, &transition));
  transition.instant = NOW + 2 * DAY;
  transition.typed = "the day after";
  g_assert_true (iss_transition_apply (assignment, &transition));
  g_assert_cmpint (assignment->staged_at, ==, NOW + 2 * DAY);
  g_assert_cmpstr (assignment->staged_typed, ==, "the day after");
  assert_slots (assignment, "a-b");
}

/* Hours from NOW, so that the table can be read; 0 = not known. */
typedef struct
{
  const char        *name;
  const char        *type;
  IssTransitionKind  kind;
  const char        *slots;
  char               given;
  int                since;           /* current */
  int                instant;
  int                given_from;
  int                given_until;
  int                current_until;
  int                previous_until;
  int                staged_until;
  const char        *findings;
} Case;

#define YEAR_HOURS (365 * 24)

static const Case cases[] =
{
  /* set */
  { "set-first", OAUTH, ISS_TRANSITION_SET, "---", 'a', .findings = "" },
  { "set-same", OAUTH, ISS_TRANSITION_SET, "abc", 'a', .since = -1, .findings = "" },
  { "set-staged-elsewhere", OAUTH, ISS_TRANSITION_SET, "a-c", 'b', .findings = "error:staged" },
  { "set-what-is-staged", OAUTH, ISS_TRANSITION_SET, "a-c", 'c', .findings = "" },
  { "set-drops", OAUTH, ISS_TRANSITION_SET, "ab-", 'c', .since = -23,
    .previous_until = YEAR_HOURS, .findings = "warning:previous-needed" },
  { "set-drops-unknown", OAUTH, ISS_TRANSITION_SET, "ab-", 'c', .since = -23,
    .findings = "warning:previous-needed" },
  { "set-drops-no-more", OAUTH, ISS_TRANSITION_SET, "ab-", 'c', .since = -24,
    .previous_until = YEAR_HOURS, .findings = "" },
  { "set-drops-expired", OAUTH, ISS_TRANSITION_SET, "ab-", 'c', .since = -2,
    .previous_until = -1, .findings = "" },
  { "set-goes-back", OAUTH, ISS_TRANSITION_SET, "ab-", 'b', .since = -1,
    .previous_until = YEAR_HOURS, .findings = "" },
  { "set-av", AV, ISS_TRANSITION_SET, "ab-", 'c', .since = -7,
    .previous_until = YEAR_HOURS, .findings = "warning:previous-needed" },
  { "set-av-later", AV, ISS_TRANSITION_SET, "ab-", 'c', .since = -8,
    .previous_until = YEAR_HOURS, .findings = "" },
  { "set-no-tokens", WEB, ISS_TRANSITION_SET, "ab-", 'c', .since = -1,
    .previous_until = YEAR_HOURS, .findings = "" },
  { "set-no-current", OAUTH, ISS_TRANSITION_SET, "-b-", 'c', .since = -1,
    .previous_until = YEAR_HOURS, .findings = "" },

  /* stage */
  { "stage", OAUTH, ISS_TRANSITION_STAGE, "a--", 'b', .instant = 48, .given_from = -1,
    .given_until = YEAR_HOURS, .current_until = 30 * 24, .findings = "" },
  { "stage-nothing-current", OAUTH, ISS_TRANSITION_STAGE, "---", 'b', .instant = 48,
    .findings = "error:no-current" },
  { "stage-current", OAUTH, ISS_TRANSITION_STAGE, "a--", 'a', .instant = 48,
    .findings = "error:is-current" },
  { "stage-past", OAUTH, ISS_TRANSITION_STAGE, "a--", 'b', .instant = -1,
    .findings = "error:past" },
  { "stage-now", OAUTH, ISS_TRANSITION_STAGE, "a--", 'b', .instant = 0,
    .findings = "error:past" },
  { "stage-before-valid", OAUTH, ISS_TRANSITION_STAGE, "a--", 'b', .instant = 48,
    .given_from = 49, .given_until = YEAR_HOURS, .findings = "error:before-valid" },
  { "stage-just-valid", OAUTH, ISS_TRANSITION_STAGE, "a--", 'b', .instant = 48,
    .given_from = 48, .given_until = YEAR_HOURS, .findings = "" },
  { "stage-when-expired", OAUTH, ISS_TRANSITION_STAGE, "a--", 'b', .instant = 48,
    .given_from = -1, .given_until = 48, .findings = "error:after-valid" },
  { "stage-expires-soon", OAUTH, ISS_TRANSITION_STAGE, "a--", 'b', .instant = 48,
    .given_from = -1, .given_until = 60, .findings = "warning:expires-soon" },
  { "stage-gap", OAUTH, ISS_TRANSITION_STAGE, "a--", 'b', .instant = 48, .given_from = -1,
    .given_until = YEAR_HOURS, .current_until = 47, .findings = "warning:gap" },
  { "stage-overlap", OAUTH, ISS_TRANSITION_STAGE, "a--", 'b', .instant = 48, .given_from = -1,
    .given_until = YEAR_HOURS, .current_until = 71, .findings = "warning:overlap" },
  { "stage-just-overlaps", OAUTH, ISS_TRANSITION_STAGE, "a--", 'b', .instant = 48,
    .given_from = -1, .given_until = YEAR_HOURS, .current_until = 72, .findings = "" },
  { "stage-av-overlap", AV, ISS_TRANSITION_STAGE, "a--", 'b', .instant = 48, .given_from = -1,
    .given_until = YEAR_HOURS, .current_until = 56, .findings = "" },
  { "stage-replaces", OAUTH, ISS_TRANSITION_STAGE, "a-c", 'b', .instant = 48,
    .findings = "note:replaces" },
  { "stage-again", OAUTH, ISS_TRANSITION_STAGE, "a-b", 'b', .instant = 48, .findings = "" },
  { "stage-no-tokens", WEB, ISS_TRANSITION_STAGE, "a--", 'b', .instant = 48, .given_from = -1,
    .given_until = YEAR_HOURS, .current_until = 49, .findings = "note:no-overlap" },
  { "stage-too-soon-after-the-last", OAUTH, ISS_TRANSITION_STAGE, "ab-", 'c', .since = -1,
    .instant = 22, .previous_until = YEAR_HOURS, .findings = "warning:previous-needed" },
  { "stage-long-enough-after-the-last", OAUTH, ISS_TRANSITION_STAGE, "ab-", 'c', .since = -1,
    .instant = 23, .previous_until = YEAR_HOURS, .findings = "" },

  /* roll: the staged one's instant is a day ahead */
  { "roll-none", OAUTH, ISS_TRANSITION_ROLL, "ab-", '-', .findings = "error:empty" },
  { "roll-early", OAUTH, ISS_TRANSITION_ROLL, "abc", '-', .findings = "error:not-due" },

  /* postpone */
  { "postpone", OAUTH, ISS_TRANSITION_POSTPONE, "a-b", '-', .instant = 72,
    .staged_until = YEAR_HOURS, .current_until = 30 * 24, .findings = "" },
  { "postpone-none", OAUTH, ISS_TRANSITION_POSTPONE, "a--", '-', .instant = 72,
    .findings = "error:empty" },
  { "postpone-past", OAUTH, ISS_TRANSITION_POSTPONE, "a-b", '-', .instant = -5,
    .findings = "error:past" },
  { "postpone-past-its-end", OAUTH, ISS_TRANSITION_POSTPONE, "a-b", '-', .instant = 72,
    .staged_until = 72, .findings = "error:after-valid" },
  { "postpone-gap", OAUTH, ISS_TRANSITION_POSTPONE, "a-b", '-', .instant = 72,
    .staged_until = YEAR_HOURS, .current_until = 71, .findings = "warning:gap" },

  /* arm, cancel */
  { "arm", OAUTH, ISS_TRANSITION_ARM, "a-b", '-', .findings = "" },
  { "arm-none", OAUTH, ISS_TRANSITION_ARM, "a--", '-', .findings = "error:empty" },
  { "cancel", OAUTH, ISS_TRANSITION_CANCEL, "a-b", '-', .findings = "" },
  { "cancel-none", OAUTH, ISS_TRANSITION_CANCEL, "ab-", '-', .findings = "error:empty" },

  /* swap back */
  { "swap", OAUTH, ISS_TRANSITION_SWAP_BACK, "ab-", '-', .since = -1,
    .previous_until = YEAR_HOURS, .findings = "" },
  { "swap-none", OAUTH, ISS_TRANSITION_SWAP_BACK, "a--", '-', .findings = "error:empty" },
  { "swap-expired", OAUTH, ISS_TRANSITION_SWAP_BACK, "ab-", '-', .previous_until = -1,
    .findings = "error:expired" },
  { "swap-expires-soon", OAUTH, ISS_TRANSITION_SWAP_BACK, "ab-", '-', .previous_until = 23,
    .findings = "warning:expires-soon" },
  { "swap-staged", OAUTH, ISS_TRANSITION_SWAP_BACK, "abc", '-', .previous_until = YEAR_HOURS,
    .findings = "error:staged" },

  /* replace */
  { "replace", OAUTH, ISS_TRANSITION_REPLACE, "ab-", 'c', .since = -1,
    .previous_until = YEAR_HOURS, .findings = "warning:stops" },
  { "replace-no-tokens", WEB, ISS_TRANSITION_REPLACE, "ab-", 'c', .findings = "warning:stops" },
  { "replace-none", OAUTH, ISS_TRANSITION_REPLACE, "-b-", 'c', .findings = "warning:stops" },
  { "replace-again", OAUTH, ISS_TRANSITION_REPLACE, "c--", 'c', .findings = "warning:stops" },
  { "replace-elsewhere", OAUTH, ISS_TRANSITION_REPLACE, "b--", 'c', .findings = "warning:stops" },
  { "replace-itself", OAUTH, ISS_TRANSITION_REPLACE, "ab-", 'a',
    .findings = "error:is-current" },

  /* remove */
  { "remove-current", WEB, ISS_TRANSITION_REMOVE_CURRENT, "ab-", '-',
    .findings = "warning:in-use" },
  { "remove-current-none", WEB, ISS_TRANSITION_REMOVE_CURRENT, "-b-", '-',
    .findings = "error:empty" },
  { "remove-previous-none", OAUTH, ISS_TRANSITION_REMOVE_PREVIOUS, "a--", '-',
    .findings = "error:empty" },
  { "remove-previous-needed", OAUTH, ISS_TRANSITION_REMOVE_PREVIOUS, "ab-", '-', .since = -23,
    .previous_until = YEAR_HOURS, .findings = "error:previous-needed" },
  { "remove-previous-needed-unknown", OAUTH, ISS_TRANSITION_REMOVE_PREVIOUS, "ab-", '-',
    .since = -23, .findings = "error:previous-needed" },
  { "remove-previous-valid", OAUTH, ISS_TRANSITION_REMOVE_PREVIOUS, "ab-", '-', .since = -24,
    .previous_until = YEAR_HOURS, .findings = "note:still-valid" },
  { "remove-previous-expired", OAUTH, ISS_TRANSITION_REMOVE_PREVIOUS, "ab-", '-', .since = -2,
    .previous_until = -1, .findings = "" },
  { "remove-previous-av", AV, ISS_TRANSITION_REMOVE_PREVIOUS, "ab-", '-', .since = -7,
    .previous_until = YEAR_HOURS, .findings = "error:previous-needed" },
  { "remove-previous-no-tokens", WEB, ISS_TRANSITION_REMOVE_PREVIOUS, "ab-", '-', .since = -1,
    .previous_until = YEAR_HOURS, .findings = "note:still-valid" },
};

static IssValidity
make_validity (int from,
               int until)
{
  IssValidity validity = { NULL, 0, 0 };

  if (from != 0)
    validity.not_before = NOW + from * HOUR;
  if (until != 0)
    validity.not_after = NOW + until * HOUR;

  return validity;
}

static void
test_judge (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      const Case *c = &cases[i];
      g_autoptr(IssAssignment) assignment = make (c->type, c->slots);
      g_autofree char *given = dup_hash (c->given);
      g_autoptr(GPtrArray) findings = NULL;
      g_autofree char *found = NULL;
      const IssTransition transition =
        {
          .kind = c->kind, .sha256_hex = given, .now = NOW, .instant = NOW + c->instant * HOUR,
          .compromised_hex = A,
          .given = make_validity (c->given_from, c->given_until),
          .slot = { make_validity (0, c->current_until), make_validity (0, c->previous_until),
                    make_validity (0, c->staged_until) },
        };

      g_test_message ("%s", c->name);
      if (c->since != 0)
        assignment->current_since = NOW + c->since * HOUR;
      findings = iss_transition_judge (assignment, assignment->type, &transition);
      found = describe (findings);
      g_assert_cmpstr (found, ==, c->findings);
      assert_slots (assignment, c->slots);
    }
}

/* When the instant has come. */
static void
test_judge_roll (void)
{
  static const struct
  {
    int         late;      /* seconds after the instant */
    gboolean    held;
    gint64      until;
    const char *findings;
  } rolls[] =
  {
    { -1, FALSE, YEAR, "error:not-due" },
    { 0, FALSE, YEAR, "" },
    { 30 * DAY, FALSE, YEAR, "" },
    { 0, FALSE, 0, "" },
    { 0, TRUE, YEAR, "error:held" },
    { 30 * DAY, FALSE, 20 * DAY, "error:expired" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rolls); i++)
    {
      g_autoptr(IssAssignment) assignment = make (OAUTH, "a-b");
      g_autoptr(GPtrArray) findings = NULL;
      g_autofree char *found = NULL;
      IssTransition transition = { .kind = ISS_TRANSITION_ROLL };

      transition.now = assignment->staged_at + rolls[i].late;
      if (rolls[i].until != 0)
        transition.slot[ISS_SLOT_STAGED].not_after = NOW + rolls[i].until;
      assignment->held = rolls[i].held;
      findings = iss_transition_judge (assignment, assignment->type, &transition);
      found = describe (findings);
      g_assert_cmpstr (found, ==, rolls[i].findings);
    }
}

/* Whoever sets says which wins. */
static void
test_judge_fate (void)
{
  static const IssStagedFate fates[] = { ISS_STAGED_KEEP, ISS_STAGED_CANCEL };

  for (gsize i = 0; i < G_N_ELEMENTS (fates); i++)
    {
      g_autoptr(IssAssignment) assignment = make (OAUTH, "a-c");
      g_autoptr(GPtrArray) findings = NULL;
      const IssTransition transition =
        { .kind = ISS_TRANSITION_SET, .sha256_hex = B, .now = NOW, .staged = fates[i] };

      findings = iss_transition_judge (assignment, assignment->type, &transition);
      g_assert_cmpuint (findings->len, ==, 0);
    }
}

/* The help is the table's rows in words. */
static void
test_words (void)
{
  g_autofree char *roll = iss_transition_dup_help (ISS_TRANSITION_ROLL);
  g_autofree char *arm = iss_transition_dup_help (ISS_TRANSITION_ARM);
  IssTransitionKind kind = ISS_N_TRANSITIONS;
  g_autoptr(GError) error = NULL;

  for (guint i = 0; i < ISS_N_TRANSITIONS; i++)
    {
      g_autofree char *help = iss_transition_dup_help (i);

      g_assert_true (iss_transition_parse (iss_transition_get_name (i), &kind, NULL));
      g_assert_cmpuint (kind, ==, i);
      g_assert_cmpstr (iss_transition_get_label (i), !=, "");
      g_assert_nonnull (strstr (help, "Refused when "));
      g_test_message ("%s", help);
    }

  g_assert_true (g_str_has_prefix (roll, "current is what was staged; previous is what was "
                                   "current; staged is empty. Refused when none is staged"));
  g_assert_null (strstr (roll, "Warns"));
  g_assert_true (g_str_has_prefix (arm, "Refused when none is staged."));

  g_assert_false (iss_transition_parse ("SET", &kind, &error));
  g_assert_error (error, ISS_ERROR, ISS_ERROR_INVALID_ARGUMENT);
}

/* A console that asks about an instant, and the server that judges it, say the same. */
static void
test_same_words (void)
{
  static const struct
  {
    gint64 instant;
    gint64 old_not_after;
    gint64 new_not_before;
    gint64 new_not_after;
  } instants[] =
  {
    { NOW, NOW + 60 * DAY, NOW - DAY, NOW + 700 * DAY },
    { NOW + DAY, NOW + 60 * DAY, NOW + 2 * DAY, NOW + 700 * DAY },
    { NOW + 9 * DAY, NOW + 60 * DAY, NOW - DAY, NOW + 9 * DAY },
    { NOW + 9 * DAY, NOW + 9 * DAY + 1, NOW - DAY, NOW + 700 * DAY },
    { NOW + 9 * DAY, NOW + 8 * DAY, NOW - DAY, NOW + 700 * DAY },
    { NOW + 9 * DAY, NOW + 9 * DAY + 1, NOW - DAY, NOW + 9 * DAY + 2 },
  };
  const IssCertificateType *type = iss_certificate_type_find (OAUTH);

  for (gsize i = 0; i < G_N_ELEMENTS (instants); i++)
    {
      g_autoptr(IssAssignment) assignment = make (OAUTH, "a--");
      const IssRollPlan plan =
        { "auth", instants[i].old_not_after, "next", instants[i].new_not_before,
          instants[i].new_not_after, type->token_lifetime, NOW };
      const IssTransition transition =
        {
          .kind = ISS_TRANSITION_STAGE, .sha256_hex = B, .now = NOW,
          .instant = instants[i].instant,
          .given = { "next", plan.new_not_before, plan.new_not_after },
          .slot[ISS_SLOT_CURRENT] = { "auth", 0, plan.old_not_after },
        };
      g_autoptr(GPtrArray) asked = iss_roll_plan_judge (&plan, instants[i].instant, NULL);
      g_autoptr(GPtrArray) judged = iss_transition_judge (assignment, type, &transition);

      g_assert_cmpuint (asked->len, >, 0);
      g_assert_cmpuint (asked->len, ==, judged->len);
      for (guint k = 0; k < asked->len; k++)
        {
          const IssFinding *a = g_ptr_array_index (asked, k);
          const IssFinding *b = g_ptr_array_index (judged, k);

          g_assert_cmpstr (a->text, ==, b->text);
          g_assert_cmpint (a->severity, ==, b->severity);
        }
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/transition/apply", test_apply);
  g_test_add_func ("/transition/instant", test_instant);
  g_test_add_func ("/transition/judge", test_judge);
  g_test_add_func ("/transition/judge/roll", test_judge_roll);
  g_test_add_func ("/transition/judge/fate", test_judge_fate);
  g_test_add_func ("/transition/words", test_words);
  g_test_add_func ("/transition/same-words", test_same_words);

  return g_test_run ();
}
