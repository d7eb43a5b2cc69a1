/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/core/replication/scheduler-fixture.h"

#include "core/assignment/publication.h"
#include "core/base/time-text.h"
#include "core/store/audit-reader.h"

#define NOW ISS_SCHEDULER_FIXTURE_NOW

void
iss_scheduler_fixture_set_up (IssSchedulerFixture *fixture,
                              gconstpointer        user_data)
{
  g_autoptr(GError) error = NULL;

  fixture->server = iss_server_folder_new ();
  fixture->old = iss_server_folder_hold (fixture->server, "old", NULL);
  fixture->new = iss_server_folder_hold (fixture->server, "new", NULL);
  fixture->oauth = iss_certificate_type_find ("OAuthTokenIssuer");

  iss_scheduler_fixture_put_key (fixture, "OAuthTokenIssuer", "revision", "7");
  iss_scheduler_fixture_put_key (fixture, "OAuthTokenIssuer", "current",
                                 iss_certificate_get_sha256_hex (fixture->old));
  iss_publication_reconcile (fixture->server->root, NOW, &error);
  g_assert_no_error (error);
}

void
iss_scheduler_fixture_tear_down (IssSchedulerFixture *fixture,
                                 gconstpointer        user_data)
{
  g_object_unref (fixture->new);
  g_object_unref (fixture->old);
  iss_server_folder_free (fixture->server);
}

void
iss_scheduler_fixture_put_key (IssSchedulerFixture *fixture,
                               const char          *type,
                               const char          *key,
                               const char          *value)
{
  g_autofree char *path = iss_temp_folder_dup_path (fixture->server->folder, "assignments.conf");
  g_autoptr(GKeyFile) file = g_key_file_new ();
  g_autoptr(GError) error = NULL;

  g_key_file_load_from_file (file, path, G_KEY_FILE_NONE, NULL);
  if (value != NULL)
    g_key_file_set_value (file, type, key, value);
  else
    g_key_file_remove_key (file, type, key, NULL);
  g_key_file_save_to_file (file, path, &error);
  g_assert_no_error (error);
}

void
iss_scheduler_fixture_stage (IssSchedulerFixture *fixture,
                             const char          *type,
                             IssCertificate      *certificate,
                             gint64               at,
                             gboolean             held)
{
  g_autofree char *instant = iss_time_text_iso (at);
  g_autoptr(IssAssignments) assignments = NULL;
  g_autofree char *revision = NULL;
  const IssAssignment *assignment;

  assignments = iss_assignments_load (fixture->server->root, NULL);
  assignment = iss_assignments_find (assignments, iss_certificate_type_find (type));
  revision = g_strdup_printf ("%" G_GUINT64_FORMAT,
                              assignment != NULL ? assignment->revision + 1 : 1);

  iss_scheduler_fixture_put_key (fixture, type, "revision", revision);
  iss_scheduler_fixture_put_key (fixture, type, "staged",
                                 certificate != NULL
                                 ? iss_certificate_get_sha256_hex (certificate) : NULL);
  iss_scheduler_fixture_put_key (fixture, type, "staged-at", certificate != NULL ? instant : NULL);
  iss_scheduler_fixture_put_key (fixture, type, "held", held ? "true" : NULL);
}

IssSchedulerOutcome
iss_scheduler_fixture_run (IssSchedulerFixture *fixture,
                           gint64               now)
{
  IssSchedulerOutcome outcome = { 99, 99, -1 };
  g_autoptr(GError) error = NULL;

  g_assert_true (iss_root_folder_try_lock (fixture->server->root, "test", now, &error));
  g_assert_no_error (error);
  iss_scheduler_run_due (fixture->server->root, "issuant-agent", now, 0, &outcome, &error);
  g_assert_no_error (error);
  iss_root_folder_unlock (fixture->server->root);

  return outcome;
}

char *
iss_scheduler_fixture_dup_list (IssSchedulerFixture *fixture,
                                gint64               now)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) tasks = iss_scheduler_list (fixture->server->root, now, &error);
  GString *list = g_string_new (NULL);

  g_assert_no_error (error);
  for (guint i = 0; i < tasks->len; i++)
    {
      IssTask *task = g_ptr_array_index (tasks, i);

      g_string_append_printf (list, "%s%s%s%s %s %+d", i > 0 ? ", " : "",
                              iss_task_kind_get_name (iss_task_get_kind (task)),
                              *iss_task_get_type_name (task) != '\0' ? " " : "",
                              iss_task_get_type_name (task),
                              iss_task_state_get_name (iss_task_get_state (task)),
                              (int) (iss_task_get_due (task) - NOW));
    }

  return g_string_free (list, FALSE);
}

guint
iss_scheduler_fixture_count (IssSchedulerFixture *fixture,
                             const char          *what)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) entries = NULL;
  guint64 next;
  guint n = 0;

  entries = iss_audit_reader_read (fixture->server->root, 0, ISS_AUDIT_READER_MAX_PAGE, NULL, NULL,
                                   NULL, &next, &error);
  g_assert_no_error (error);
  for (guint i = 0; i < entries->len; i++)
    n += g_str_equal (iss_audit_entry_get_what (entries->pdata[i]), what) ? 1 : 0;

  return n;
}

static void
assert_slot (const IssAssignment *assignment,
             IssSlot              slot,
             IssCertificate      *certificate)
{
  g_assert_cmpstr (assignment->slot[slot], ==,
                   certificate != NULL ? iss_certificate_get_sha256_hex (certificate) : NULL);
}

void
iss_scheduler_fixture_assert (IssSchedulerFixture *fixture,
                              const char          *type,
                              IssCertificate      *current,
                              IssCertificate      *previous,
                              IssCertificate      *staged)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(IssAssignments) assignments = NULL;
  const IssAssignment *assignment;

  assignments = iss_assignments_load (fixture->server->root, &error);
  g_assert_no_error (error);
  assignment = iss_assignments_find (assignments, iss_certificate_type_find (type));
  g_assert_nonnull (assignment);

  assert_slot (assignment, ISS_SLOT_CURRENT, current);
  assert_slot (assignment, ISS_SLOT_PREVIOUS, previous);
  assert_slot (assignment, ISS_SLOT_STAGED, staged);
}
