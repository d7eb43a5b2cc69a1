/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A change by hand that is cut off: at each change of the disk the process is killed, or the disk
 * is full. Each type is wholly before or wholly after, what live/ shows is whole and of one of
 * them, and a start mends the rest. */
#include "core/assignment/change.h"

#include <string.h>
#include <sys/stat.h>

#include "core/assignment/publication.h"
#include "core/base/error.h"
#include "tests/core/replication/disk-trouble.h"
#include "tests/lib/server-folder.h"

#define NOW ISS_SERVER_FOLDER_NOW
#define DAY (24 * 3600)
#define MOST_STEPS 300

/* Each of the first, up to the commit and a few more, and then one of some, others in each test:
 * test-scheduler-fault tries each of a roll. */
#define FIRST_STEPS 12
#define STRIDE 5

static const char *const types[] = { "OAuthTokenIssuer", "WebServicesInternal" };

typedef struct
{
  IssServerFolder *server;
  IssCertificate  *certificates[2];
} Fixture;

/* One change of both types, and when. */
typedef struct
{
  Fixture           *fixture;
  IssTransitionKind  kind;
  IssCertificate    *certificate;
  gint64             now;
} Order;

static void
set_up (Fixture       *fixture,
        gconstpointer  unused)
{
  fixture->server = iss_server_folder_new ();
  fixture->certificates[0] = iss_server_folder_hold (fixture->server, "one", "contoso.example");
  fixture->certificates[1] = iss_server_folder_hold (fixture->server, "two", "contoso.example");
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  unused)
{
  g_object_unref (fixture->certificates[0]);
  g_object_unref (fixture->certificates[1]);
  iss_server_folder_free (fixture->server);
}

static IssChangeOutcome *
run (const Order  *what,
     GError      **error)
{
  static const char *const domains[] = { "contoso.example", NULL };
  IssChangeItem items[G_N_ELEMENTS (types)];
  const IssChangeOrder order =
    {
      .transition = { .kind = what->kind, .now = what->now, .instant = what->now + DAY },
      .items = items, .n_items = G_N_ELEMENTS (items), .who = "tester", .server_name = "",
      .sip_domains = domains, .force = TRUE,
    };

  for (guint i = 0; i < G_N_ELEMENTS (items); i++)
    {
      items[i].type = iss_certificate_type_find (types[i]);
      items[i].sha256_hex = iss_certificate_get_sha256_hex (what->certificate);
    }

  return iss_change_run (what->fixture->server->root, &order, error);
}

static void
run_well (const Order *what)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(IssChangeOutcome) outcome = run (what, &error);

  g_assert_no_error (error);
  g_assert_true (outcome->published);
}

static void
run_killed (gpointer data)
{
  g_autoptr(IssChangeOutcome) outcome = run (data, NULL);
}

/* What an agent does when it starts. */
static void
start (Fixture *fixture,
       gint64   now)
{
  g_autoptr(GError) error = NULL;

  g_object_unref (iss_root_folder_open (iss_temp_folder_get_path (fixture->server->folder), TRUE,
                                        &error));
  g_assert_no_error (error);
  iss_publication_reconcile (fixture->server->root, now, &error);
  g_assert_no_error (error);
}

/* All types or none: is the certificate in that slot of each? */
static gboolean
is_after (Fixture        *fixture,
          IssSlot         slot,
          IssCertificate *certificate)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(IssAssignments) assignments = iss_assignments_load (fixture->server->root, &error);
  guint n = 0;

  g_assert_no_error (error);
  for (guint i = 0; i < G_N_ELEMENTS (types); i++)
    {
      const IssAssignment *assignment =
        iss_assignments_find (assignments, iss_certificate_type_find (types[i]));

      if (assignment != NULL && g_strcmp0 (assignment->slot[slot],
                                           iss_certificate_get_sha256_hex (certificate)) == 0)
        n++;
    }
  g_assert_true (n == 0 || n == G_N_ELEMENTS (types));

  return n > 0;
}

/* Shown whole or not at all, with the key that belongs to it, closed. */
static void
assert_shown_whole (Fixture *fixture)
{
  for (guint i = 0; i < G_N_ELEMENTS (types); i++)
    {
      g_autofree char *name = g_build_filename ("live", types[i], NULL);
      g_autofree char *link = iss_temp_folder_dup_path (fixture->server->folder, name);
      g_autofree char *cert = g_build_filename (name, "cert.pem", NULL);
      g_autofree char *key = g_build_filename (link, "privkey.pem", NULL);
      g_autofree char *shown = NULL;
      guint64 revision;
      gboolean is_known = FALSE;
      struct stat info;

      if (!g_file_test (link, G_FILE_TEST_IS_SYMLINK))
        continue;

      g_assert_true (iss_publication_get_revision (fixture->server->root,
                                                   iss_certificate_type_find (types[i]),
                                                   &revision));
      shown = iss_temp_folder_read (fixture->server->folder, cert, NULL);
      for (guint k = 0; k < G_N_ELEMENTS (fixture->certificates); k++)
        {
          g_autofree char *pem = iss_certificate_dup_pem (fixture->certificates[k]);

          is_known = is_known || g_strcmp0 (shown, pem) == 0;
        }
      g_assert_true (is_known);
      g_assert_no_errno (stat (key, &info));
      g_assert_cmpuint (info.st_mode & 07777, ==, 0600);
    }
}

static void
assert_published (Fixture *fixture)
{
  g_autoptr(IssAssignments) assignments = iss_assignments_load (fixture->server->root, NULL);

  for (guint i = 0; i < iss_assignments_get_n (assignments); i++)
    {
      const IssAssignment *assignment = iss_assignments_get (assignments, i);

      for (guint slot = 0; slot < ISS_N_SLOTS; slot++)
        g_assert_true (assignment->slot[slot] == NULL ||
                       iss_publication_shows (fixture->server->root, assignment, (IssSlot) slot));
    }
}

static guint
count_audit (Fixture    *fixture,
             const char *what)
{
  g_autofree char *log = iss_temp_folder_read (fixture->server->folder, "audit.jsonl", NULL);
  g_autofree char *quoted = g_strdup_printf ("\"%s\"", what);
  g_auto(GStrv) parts = g_strsplit (log, quoted, -1);

  return g_strv_length (parts) - 1;
}

static int
get_next (int step)
{
  return step < FIRST_STEPS ? step + 1 : step + STRIDE;
}

/* What is current is set, and what is not is staged, and so on; cut off later each time. */
static void
test_killed (Fixture       *fixture,
             gconstpointer  unused)
{
  guint n_killed[2] = { 0 };
  gint64 now = NOW;

  run_well (&(Order) { fixture, ISS_TRANSITION_SET, fixture->certificates[0], now });
  for (guint what = 0; what < 2; what++)
    {
      gboolean was_killed = TRUE;

      for (int step = 1 + (int) what; was_killed && step < MOST_STEPS; step = get_next (step))
        {
          const gboolean stages = what == 1;
          IssCertificate *other =
            fixture->certificates[is_after (fixture, ISS_SLOT_CURRENT, fixture->certificates[0])];
          const IssSlot slot = stages ? ISS_SLOT_STAGED : ISS_SLOT_CURRENT;
          Order order = { fixture, stages ? ISS_TRANSITION_STAGE : ISS_TRANSITION_SET, other,
                          ++now };

          was_killed = iss_disk_trouble_run_killed (step, run_killed, &order);
          n_killed[what] += was_killed;
          g_test_message ("%s, step %d: %s", stages ? "stage" : "set", step,
                          is_after (fixture, slot, other) ? "after" : "before");
          assert_shown_whole (fixture);
          start (fixture, ++now);
          assert_published (fixture);

          /* What was cut off before the commit can be done again; then it is there. */
          order.now = ++now;
          run_well (&order);
          g_assert_true (is_after (fixture, slot, other));
          if (stages)
            run_well (&(Order) { fixture, ISS_TRANSITION_CANCEL, other, ++now });
        }
      g_assert_false (was_killed);
      g_assert_cmpuint (n_killed[what], >, 15);
    }
}

/* Either it failed, and nothing is other than it was; or it is done, and what could not be
 * published is said, and mended by the next start. */
static void
test_full (Fixture       *fixture,
           gconstpointer  unused)
{
  gboolean was_full = TRUE;
  gint64 now = NOW;

  run_well (&(Order) { fixture, ISS_TRANSITION_SET, fixture->certificates[0], now });
  for (int step = 1; was_full && step < MOST_STEPS; step = get_next (step))
    {
      g_autofree char *before = iss_temp_folder_read (fixture->server->folder, "assignments.conf",
                                                      NULL);
      g_autofree char *after = NULL;
      g_autoptr(IssChangeOutcome) outcome = NULL;
      g_autoptr(GError) error = NULL;
      const guint n_audited = count_audit (fixture, "set-assignment");
      IssCertificate *other =
        fixture->certificates[is_after (fixture, ISS_SLOT_CURRENT, fixture->certificates[0])];
      const Order order = { fixture, ISS_TRANSITION_SET, other, ++now };

      iss_disk_trouble_full_at (step);
      outcome = run (&order, &error);
      iss_disk_trouble_full_at (0);
      was_full = outcome == NULL || !outcome->published;

      after = iss_temp_folder_read (fixture->server->folder, "assignments.conf", NULL);
      assert_shown_whole (fixture);
      if (outcome != NULL)
        {
          g_assert_true (is_after (fixture, ISS_SLOT_CURRENT, other));
          g_assert_cmpuint (count_audit (fixture, "set-assignment"), ==, n_audited + 1);
          g_assert_cmpint (outcome->published, ==, outcome->publish_error == NULL);
        }
      else
        {
          g_test_message ("step %d: %s", step, error->message);
          g_assert_error (error, ISS_ERROR, ISS_ERROR_NO_SPACE);
          /* After the rename it says what may not survive a loss of power, or is missing. */
          g_assert_true (g_str_equal (before, after) ||
                         strstr (error->message, "cannot be made durable") != NULL ||
                         strstr (error->message, "was changed, but the audit log") != NULL);
        }

      start (fixture, ++now);
      assert_published (fixture);
    }

  g_assert_false (was_full);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add ("/change-fault/killed", Fixture, NULL, set_up, test_killed, tear_down);
  g_test_add ("/change-fault/full", Fixture, NULL, set_up, test_full, tear_down);

  return g_test_run ();
}
