/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/assignment/change.h"

/* Also covers: reader-check. */

#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "core/assignment/consumer-file.h"
#include "core/assignment/reload-folder.h"
#include "core/base/error.h"
#include "core/store/certificate-store.h"
#include "core/store/key-readers.h"
#include "tests/lib/server-folder.h"

#define NOW ISS_SERVER_FOLDER_NOW
#define HOUR 3600
#define DAY (24 * HOUR)
#define OAUTH "OAuthTokenIssuer"

static const char *const domains[] = { "contoso.example", NULL };

/* One change of one type. */
static IssChangeOutcome *
run (IssServerFolder      *folder,
     const IssTransition  *transition,
     gboolean              force,
     gboolean              what_if,
     GError              **error)
{
  const IssChangeItem item = { iss_certificate_type_find (OAUTH), transition->sha256_hex };
  const IssChangeOrder order =
    {
      .transition = *transition, .items = &item, .n_items = 1, .who = "tester",
      .server_name = "", .sip_domains = domains, .force = force, .what_if = what_if,
    };

  return iss_change_run (folder->root, &order, error);
}

static void
run_well (IssServerFolder     *folder,
          const IssTransition *transition)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(IssChangeOutcome) outcome = run (folder, transition, FALSE, FALSE, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (outcome->changed[0], ==, OAUTH);
  g_assert_null (outcome->publish_error);
  g_assert_true (outcome->published);
}

static void
refuse (IssServerFolder     *folder,
        const IssTransition *transition,
        int                  code,
        const char          *says)
{
  g_autofree char *before = iss_temp_folder_dup_listing (folder->folder);
  g_autofree char *after = NULL;
  g_autoptr(GError) error = NULL;

  g_assert_null (run (folder, transition, FALSE, FALSE, &error));
  g_assert_error (error, ISS_ERROR, code);
  g_test_message ("%s", error->message);
  g_assert_nonnull (strstr (error->message, says));
  after = iss_temp_folder_dup_listing (folder->folder);
  g_assert_cmpstr (before, ==, after);
}

static void
set (IssServerFolder *folder,
     IssCertificate  *certificate,
     gint64           now)
{
  const IssTransition transition =
    { .kind = ISS_TRANSITION_SET, .now = now,
      .sha256_hex = iss_certificate_get_sha256_hex (certificate) };

  run_well (folder, &transition);
}

static IssTransition
make_stage (IssCertificate *certificate,
            gint64          instant)
{
  const IssTransition transition =
    { .kind = ISS_TRANSITION_STAGE, .now = NOW, .instant = instant,
      .sha256_hex = iss_certificate_get_sha256_hex (certificate) };

  return transition;
}

static void
expect (IssServerFolder *folder,
        IssCertificate  *current,
        IssCertificate  *previous,
        IssCertificate  *staged)
{
  g_autoptr(IssAssignments) assignments = iss_assignments_load (folder->root, NULL);
  const IssAssignment *assignment =
    iss_assignments_find (assignments, iss_certificate_type_find (OAUTH));
  IssCertificate *expected[] = { current, previous, staged };

  for (guint i = 0; i < ISS_N_SLOTS; i++)
    g_assert_cmpstr (assignment->slot[i], ==,
                     expected[i] != NULL ? iss_certificate_get_sha256_hex (expected[i]) : NULL);
}

/* Another one at once while one is staged: that is a question of its own, unless a rule forbids it
 * anyway. */
static void
test_which_wins (void)
{
  g_autoptr(IssServerFolder) folder = iss_server_folder_new ();
  g_autoptr(IssCertificate) one = iss_server_folder_hold (folder, "one", "contoso.example");
  g_autoptr(IssCertificate) two = iss_server_folder_hold (folder, "two", "contoso.example");
  g_autoptr(IssCertificate) three = iss_server_folder_hold (folder, "three", "contoso.example");
  g_autoptr(IssCertificate) other = iss_server_folder_hold (folder, "other", "fabrikam.example");
  IssTransition stage = make_stage (two, NOW + DAY);
  IssTransition again = make_stage (three, NOW + 2 * DAY);
  IssTransition at_once =
    { .kind = ISS_TRANSITION_SET, .now = NOW,
      .sha256_hex = iss_certificate_get_sha256_hex (three) };

  set (folder, one, NOW - 2 * DAY);
  run_well (folder, &stage);
  refuse (folder, &at_once, ISS_ERROR_STAGED, "keep it staged, or cancel it");
  at_once.sha256_hex = iss_certificate_get_sha256_hex (other);
  refuse (folder, &at_once, ISS_ERROR_REFUSED, "keep it staged, or cancel it");
  at_once.sha256_hex = iss_certificate_get_sha256_hex (three);
  at_once.staged = ISS_STAGED_KEEP;
  run_well (folder, &at_once);
  expect (folder, three, one, two);

  /* Staging again is no question: the later one wins. */
  again.sha256_hex = iss_certificate_get_sha256_hex (one);
  run_well (folder, &again);
  expect (folder, three, one, one);
}

/* From the first certificate to a roll and back, with each step in the audit record. */
static void
test_life (void)
{
  static const char *const lines[] =
  {
    "set-assignment", "stage-assignment", "postpone-roll", "arm-roll", "roll-assignment",
    "swap-back", "remove-assignment",
  };
  g_autoptr(IssServerFolder) folder = iss_server_folder_new ();
  g_autoptr(IssCertificate) one = iss_server_folder_hold (folder, "one", "contoso.example");
  g_autoptr(IssCertificate) two = iss_server_folder_hold (folder, "two", "contoso.example");
  IssTransition stage = make_stage (two, NOW + DAY);
  IssTransition later = { .kind = ISS_TRANSITION_POSTPONE, .now = NOW, .instant = NOW + 2 * DAY };
  IssTransition arm = { .kind = ISS_TRANSITION_ARM, .now = NOW };
  IssTransition roll = { .kind = ISS_TRANSITION_ROLL, .now = NOW + 2 * DAY };
  IssTransition swap = { .kind = ISS_TRANSITION_SWAP_BACK, .now = NOW + 2 * DAY + 1 };
  IssTransition removal = { .kind = ISS_TRANSITION_REMOVE_PREVIOUS, .now = NOW + 4 * DAY };
  g_autofree char *audit = NULL;
  const char *position;

  set (folder, one, NOW - 2 * DAY);
  stage.held = TRUE;
  run_well (folder, &stage);
  expect (folder, one, NULL, two);
  run_well (folder, &later);
  refuse (folder, &roll, ISS_ERROR_REFUSED, "held: not armed");
  run_well (folder, &arm);
  roll.now--;
  refuse (folder, &roll, ISS_ERROR_REFUSED, "is due on 2 July 2027, 00:00 (UTC)");
  roll.now++;
  run_well (folder, &roll);
  expect (folder, two, one, NULL);
  refuse (folder, &roll, ISS_ERROR_NOT_FOUND, "No certificate is staged");
  run_well (folder, &swap);
  expect (folder, one, two, NULL);
  run_well (folder, &removal);
  expect (folder, one, NULL, NULL);

  audit = iss_temp_folder_read (folder->folder, "audit.jsonl", NULL);
  position = audit;
  for (gsize i = 0; i < G_N_ELEMENTS (lines); i++)
    {
      g_test_message ("%s", lines[i]);
      position = strstr (position, lines[i]);
      g_assert_nonnull (position);
    }
  g_assert_nonnull (strstr (audit, "2027-07-02T00:00:00Z"));
}

static void
test_what_if (void)
{
  g_autoptr(IssServerFolder) folder = iss_server_folder_new ();
  g_autoptr(IssCertificate) one = iss_server_folder_hold (folder, "one", "contoso.example");
  g_autoptr(IssCertificate) two = iss_server_folder_hold (folder, "two", "contoso.example");
  const IssTransition stage = make_stage (two, NOW + DAY);
  g_autoptr(IssChangeOutcome) outcome = NULL;
  g_autofree char *before = NULL;
  g_autofree char *after = NULL;
  g_autoptr(GError) error = NULL;

  set (folder, one, NOW - 2 * DAY);
  before = iss_temp_folder_dup_listing (folder->folder);
  outcome = run (folder, &stage, FALSE, TRUE, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (outcome->changed[0], ==, OAUTH);
  g_assert_false (outcome->published);
  after = iss_temp_folder_dup_listing (folder->folder);
  g_assert_cmpstr (before, ==, after);
  expect (folder, one, NULL, NULL);
}

/* Warnings are passed by force, which is written down; errors never are. */
static void
test_force (void)
{
  g_autoptr(IssServerFolder) folder = iss_server_folder_new ();
  g_autoptr(IssCertificate) one = iss_server_folder_hold (folder, "one", "contoso.example");
  g_autoptr(IssCertificate) two = iss_server_folder_hold (folder, "two", "contoso.example");
  const IssTransition past = make_stage (two, NOW);
  IssTransition late = make_stage (two, iss_certificate_get_not_after (one) - HOUR);
  g_autoptr(IssChangeOutcome) outcome = NULL;
  g_autofree char *audit = NULL;
  g_autoptr(GError) error = NULL;

  set (folder, one, NOW - 2 * DAY);
  g_assert_null (run (folder, &past, TRUE, FALSE, &error));
  g_assert_error (error, ISS_ERROR, ISS_ERROR_REFUSED);
  g_clear_error (&error);

  refuse (folder, &late, ISS_ERROR_NEEDS_CONFIRMATION, "is rejected before it ends");
  outcome = run (folder, &late, TRUE, FALSE, &error);
  g_assert_no_error (error);
  expect (folder, one, NULL, two);
  audit = iss_temp_folder_read (folder->folder, "audit.jsonl", NULL);
  g_assert_nonnull (strstr (audit, "\"force\""));
}

/* What was staged and has been deleted by hand is not rolled to. */
static void
test_gone (void)
{
  g_autoptr(IssServerFolder) folder = iss_server_folder_new ();
  g_autoptr(IssCertificate) one = iss_server_folder_hold (folder, "one", "contoso.example");
  g_autoptr(IssCertificate) two = iss_server_folder_hold (folder, "two", "contoso.example");
  const IssTransition stage = make_stage (two, NOW + DAY);
  const IssTransition roll = { .kind = ISS_TRANSITION_ROLL, .now = NOW + DAY };
  g_autofree char *name = g_strdup_printf ("stores/my/%s.pem",
                                           iss_certificate_get_sha256_hex (two));
  g_autofree char *path = iss_temp_folder_dup_path (folder->folder, name);
  g_autoptr(GFile) file = g_file_new_for_path (path);

  set (folder, one, NOW - 2 * DAY);
  run_well (folder, &stage);
  g_assert_true (g_file_delete (file, NULL, NULL));
  refuse (folder, &roll, ISS_ERROR_REFUSED, "has gone from Personal");
  expect (folder, one, NULL, two);
}

/* A certificate that does not suit its type is not staged either; as of the roll. */
static void
test_unsuitable (void)
{
  g_autoptr(IssServerFolder) folder = iss_server_folder_new ();
  g_autoptr(IssCertificate) one = iss_server_folder_hold (folder, "one", "contoso.example");
  g_autoptr(IssCertificate) two = iss_server_folder_hold (folder, "two", "fabrikam.example");
  const IssTransition stage = make_stage (two, NOW + DAY);
  const IssTransition swap = { .kind = ISS_TRANSITION_SWAP_BACK, .now = NOW };

  set (folder, one, NOW - 2 * DAY);
  refuse (folder, &stage, ISS_ERROR_REFUSED, "contoso.example");
  refuse (folder, &swap, ISS_ERROR_NOT_FOUND, "no previous certificate");
}

/* That a certificate has ended then is said once: by the instant, not by the certificate too. */
static void
test_expired_said_once (void)
{
  g_autoptr(IssServerFolder) folder = iss_server_folder_new ();
  g_autoptr(IssCertificate) one = iss_server_folder_hold (folder, "one", "contoso.example");
  g_autoptr(IssCertificate) two = iss_server_folder_hold (folder, "two", "contoso.example");
  g_autoptr(IssCertificate) three = iss_server_folder_hold (folder, "three", "contoso.example");
  const gint64 late = MAX (iss_certificate_get_not_after (one),
                           iss_certificate_get_not_after (three)) + DAY;
  const IssTransition cases[] =
    { make_stage (three, late), { .kind = ISS_TRANSITION_SWAP_BACK, .now = late } };
  static const char *const says[] = { "and the roll would be at", "it cannot be current again" };

  set (folder, one, NOW - 2 * DAY);
  set (folder, two, NOW - DAY);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GError) error = NULL;

      g_assert_null (run (folder, &cases[i], FALSE, FALSE, &error));
      g_assert_error (error, ISS_ERROR, ISS_ERROR_REFUSED);
      g_test_message ("%s", error->message);
      g_assert_nonnull (strstr (error->message, says[i]));
      g_assert_null (strstr (error->message, "; expired "));
    }
}

/* Several types are one change: if one is refused, none is made. */
static void
test_all_or_none (void)
{
  g_autoptr(IssServerFolder) folder = iss_server_folder_new ();
  g_autoptr(IssCertificate) one = iss_server_folder_hold (folder, "one", "contoso.example");
  const char *hex = iss_certificate_get_sha256_hex (one);
  const IssChangeItem items[] =
    {
      { iss_certificate_type_find ("Default"), hex },
      { iss_certificate_type_find (OAUTH), hex },
    };
  IssChangeOrder order =
    {
      .transition = { .kind = ISS_TRANSITION_SET, .now = NOW }, .items = items, .n_items = 2,
      .who = "tester", .server_name = "", .sip_domains = domains, .force = TRUE,
    };
  g_autoptr(IssChangeOutcome) outcome = NULL;
  g_autoptr(IssChangeOutcome) removed = NULL;
  g_autoptr(IssAssignments) assignments = NULL;
  g_autoptr(GError) error = NULL;

  outcome = iss_change_run (folder->root, &order, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (g_strv_length (outcome->changed), ==, 2);

  /* Neither has a previous one; were it only one of them, it would be the same. */
  order.transition.kind = ISS_TRANSITION_REMOVE_PREVIOUS;
  g_assert_null (iss_change_run (folder->root, &order, &error));
  g_assert_error (error, ISS_ERROR, ISS_ERROR_NOT_FOUND);
  g_clear_error (&error);

  order.transition.kind = ISS_TRANSITION_REMOVE_CURRENT;
  removed = iss_change_run (folder->root, &order, &error);
  g_assert_no_error (error);
  assignments = iss_assignments_load (folder->root, &error);
  g_assert_cmpuint (iss_assignments_get_n (assignments), ==, 0);
}

static IssChangeOutcome *
replace (IssServerFolder     *folder,
         const char          *type,
         IssCertificate      *certificate,
         IssCertificate      *compromised,
         gboolean             force,
         GError             **error)
{
  const IssChangeItem item =
    { iss_certificate_type_find (type), iss_certificate_get_sha256_hex (certificate) };
  const IssChangeOrder order =
    {
      .transition = { .kind = ISS_TRANSITION_REPLACE, .now = NOW }, .items = &item, .n_items = 1,
      .compromised = compromised, .who = "tester", .server_name = "", .sip_domains = domains,
      .force = force,
    };

  return iss_change_run (folder->root, &order, error);
}

static gboolean
is_untrusted (IssServerFolder *folder,
              IssCertificate  *certificate)
{
  g_autoptr(IssCertificate) found =
    iss_certificate_store_get (folder->root, ISS_STORE_DISALLOWED,
                               iss_certificate_get_sha256_hex (certificate), NULL);

  return found != NULL;
}

/* What is compromised verifies nothing from then on, and is trusted by nobody there. */
static void
test_replace (void)
{
  g_autoptr(IssServerFolder) folder = iss_server_folder_new ();
  g_autoptr(IssCertificate) one = iss_server_folder_hold (folder, "one", "contoso.example");
  g_autoptr(IssCertificate) two = iss_server_folder_hold (folder, "two", "contoso.example");
  g_autoptr(IssChangeOutcome) outcome = NULL;
  g_autofree char *audit = NULL;
  g_autoptr(GError) unconfirmed = NULL;
  g_autoptr(GError) same = NULL;
  g_autoptr(GError) error = NULL;

  set (folder, one, NOW - HOUR);
  g_assert_null (replace (folder, OAUTH, two, one, FALSE, &unconfirmed));
  g_assert_error (unconfirmed, ISS_ERROR, ISS_ERROR_NEEDS_CONFIRMATION);
  g_assert_nonnull (strstr (unconfirmed->message, "refused at once: for up to 24 hours"));
  g_assert_null (replace (folder, OAUTH, one, one, TRUE, &same));
  g_assert_error (same, ISS_ERROR, ISS_ERROR_REFUSED);
  g_assert_false (is_untrusted (folder, one));
  expect (folder, one, NULL, NULL);

  outcome = replace (folder, OAUTH, two, one, TRUE, &error);
  g_assert_no_error (error);
  g_assert_true (outcome->published);
  expect (folder, two, NULL, NULL);
  g_assert_true (is_untrusted (folder, one));
  g_assert_false (is_untrusted (folder, two));
  audit = iss_temp_folder_read (folder->folder, "audit.jsonl", NULL);
  g_assert_nonnull (strstr (audit, "replace-compromised"));
  g_assert_nonnull (strstr (audit, "\"compromised\""));
}

/* A server that has something else in use, or goes on with it for another type. */
static void
test_replace_elsewhere (void)
{
  g_autoptr(IssServerFolder) folder = iss_server_folder_new ();
  g_autoptr(IssCertificate) one = iss_server_folder_hold (folder, "one", "contoso.example");
  g_autoptr(IssCertificate) two = iss_server_folder_hold (folder, "two", "contoso.example");
  g_autoptr(IssCertificate) bad = iss_server_folder_hold (folder, "bad", "contoso.example");
  g_autoptr(IssChangeOutcome) outcome = NULL;
  g_autoptr(IssChangeOutcome) web = NULL;
  const IssChangeItem item = { iss_certificate_type_find ("WebServicesInternal"),
                               iss_certificate_get_sha256_hex (bad) };
  const IssChangeOrder order =
    {
      .transition = { .kind = ISS_TRANSITION_SET, .now = NOW }, .items = &item, .n_items = 1,
      .who = "tester", .server_name = "", .sip_domains = domains, .force = TRUE,
    };
  g_autoptr(GError) warning = NULL;
  g_autoptr(GError) error = NULL;

  set (folder, one, NOW - 2 * DAY);
  web = iss_change_run (folder->root, &order, &error);
  g_assert_no_error (error);
  g_assert_null (replace (folder, OAUTH, two, bad, FALSE, &warning));
  g_assert_error (warning, ISS_ERROR, ISS_ERROR_NEEDS_CONFIRMATION);
  g_assert_nonnull (strstr (warning->message, "WebServicesInternal uses the compromised"));

  outcome = replace (folder, OAUTH, two, bad, TRUE, &error);
  g_assert_no_error (error);
  expect (folder, two, NULL, NULL);
  g_assert_true (is_untrusted (folder, bad));
  g_assert_false (is_untrusted (folder, one));
}

/* Who holds the roll of a type that the servers do not have in common has no gate to wait for. */
static void
test_unreadable_without_gate (void)
{
  g_autoptr(IssServerFolder) folder = iss_server_folder_new ();
  g_autoptr(IssCertificate) one = iss_server_folder_hold (folder, "one", "contoso.example");
  g_autoptr(IssCertificate) two = iss_server_folder_hold (folder, "two", "contoso.example");
  int consumers = iss_reload_folder_open (iss_root_folder_get_fd (folder->root), TRUE, NULL);
  const IssCertificateType *type = iss_certificate_type_find ("AudioVideoAuthentication");
  IssChangeItem item = { type, iss_certificate_get_sha256_hex (one) };
  IssChangeOrder order =
    {
      .transition = { .kind = ISS_TRANSITION_SET, .now = NOW - 2 * DAY }, .items = &item,
      .n_items = 1, .who = "tester", .server_name = "", .sip_domains = domains,
    };
  g_autofree char *path = NULL;
  g_autoptr(IssChangeOutcome) outcome = NULL;
  g_autoptr(GError) error = NULL;

  outcome = iss_change_run (folder->root, &order, &error);
  g_assert_no_error (error);
  close (consumers);
  path = iss_temp_folder_write (folder->folder, ISS_CONSUMER_FILE_OWN,
                                "[av]\ntype=AudioVideoAuthentication\naccount=daemon\n"
                                "unit=av.service\n", -1);
  g_assert_no_errno (g_chmod (path, 0644));

  order.transition = make_stage (two, NOW + DAY);
  order.transition.held = TRUE;
  item.sha256_hex = order.transition.sha256_hex;
  g_assert_null (iss_change_run (folder->root, &order, &error));
  g_assert_error (error, ISS_ERROR, ISS_ERROR_NEEDS_CONFIRMATION);
  g_assert_nonnull (strstr (error->message, "It would be left with the one that it has"));
}

/* A service that could not read the key would go on with the old one: that is said before. */
static void
test_unreadable (void)
{
  static const char *const allow[] = { "daemon", NULL };
  static const char *const nobody[] = { NULL };
  g_autoptr(IssServerFolder) folder = iss_server_folder_new ();
  g_autoptr(IssCertificate) one = iss_server_folder_hold (folder, "one", "contoso.example");
  g_autoptr(IssCertificate) two = iss_server_folder_hold (folder, "two", "contoso.example");
  int consumers = iss_reload_folder_open (iss_root_folder_get_fd (folder->root), TRUE, NULL);
  g_autofree char *path = NULL;
  g_autoptr(IssChangeOutcome) first = NULL;
  g_autoptr(IssChangeOutcome) outcome = NULL;
  g_autoptr(IssChangeOutcome) forced = NULL;
  g_autoptr(GError) error = NULL;
  IssTransition stage = make_stage (two, NOW + DAY);
  const IssTransition give =
    { .kind = ISS_TRANSITION_SET, .now = NOW - 2 * DAY,
      .sha256_hex = iss_certificate_get_sha256_hex (one) };
  gboolean changed = FALSE;

  close (consumers);
  path = iss_temp_folder_write (folder->folder, ISS_CONSUMER_FILE_OWN,
                                "[rtc]\ntype=OAuthTokenIssuer\naccount=daemon\n"
                                "unit=rtc.service\n", -1);
  g_assert_no_errno (g_chmod (path, 0644));
  g_assert_no_errno (g_chmod (iss_temp_folder_get_path (folder->folder), 0755));

  refuse (folder, &give, ISS_ERROR_NEEDS_CONFIRMATION,
          "rtc could not use this certificate: the key's own permissions do not let daemon read "
          "it; allow it with set-key-access. It would have none until rtc, as daemon, can read the "
          "key");
  first = run (folder, &give, TRUE, FALSE, &error);
  g_assert_no_error (error);

  /* Nothing will stop it at its instant. */
  refuse (folder, &stage, ISS_ERROR_NEEDS_CONFIRMATION,
          "it; allow it with set-key-access. It would be left with the one that it has, until rtc, "
          "as daemon, can read the key");

  /* The gate will. */
  stage.held = TRUE;
  outcome = run (folder, &stage, FALSE, TRUE, &error);
  g_assert_no_error (error);
  g_assert_nonnull (strstr (outcome->notes, "The roll stays held until rtc, as daemon, can read"));

  stage.held = FALSE;
  forced = run (folder, &stage, TRUE, TRUE, &error);
  g_assert_no_error (error);

  iss_key_readers_change (folder->root, iss_certificate_get_spki_sha256 (two), allow, nobody,
                          FALSE, &changed, &error);
  g_assert_no_error (error);
  run_well (folder, &stage);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/change/which-wins", test_which_wins);
  g_test_add_func ("/change/life", test_life);
  g_test_add_func ("/change/what-if", test_what_if);
  g_test_add_func ("/change/force", test_force);
  g_test_add_func ("/change/gone", test_gone);
  g_test_add_func ("/change/unsuitable", test_unsuitable);
  g_test_add_func ("/change/expired-said-once", test_expired_said_once);
  g_test_add_func ("/change/replace", test_replace);
  g_test_add_func ("/change/replace/elsewhere", test_replace_elsewhere);
  g_test_add_func ("/change/unreadable", test_unreadable);
  g_test_add_func ("/change/unreadable/without-gate", test_unreadable_without_gate);
  g_test_add_func ("/change/all-or-none", test_all_or_none);

  return g_test_run ();
}
