/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/pool/pool-copy.h"

#include <string.h>

#include "core/base/error.h"
#include "core/base/text.h"
#include "core/pool/pool-import.h"
#include "tests/core/pool/agents-fixture.h"

/* Also covers: server-recipient. */

static void
import_on_first (IssAgentsFixture *self,
                 gboolean          exportable)
{
  const IssImportOptions options = { .automatic_store = TRUE, .exportable = exportable,
                                     .intent = ISS_INTENT_POOL, .origin = "manual" };
  g_autoptr(GPtrArray) first = g_ptr_array_new ();
  g_autoptr(IssJob) job = NULL;

  g_ptr_array_add (first, self->servers->pdata[0]);
  job = iss_pool_import_new (first, self->pfx, self->password, &options);
  iss_agents_fixture_run (job);
  g_assert_cmpint (iss_job_get_n_in_state (job, ISS_JOB_DONE), ==, 1);
}

static IssJob *
copy (IssAgentsFixture *self,
      guint             from,
      gboolean          what_if)
{
  g_autoptr(GPtrArray) to = g_ptr_array_new ();
  const IssPoolCopyRequest request =
    {
      .holder = self->servers->pdata[0],
      .store = ISS_STORE_MY,
      .sha256 = iss_certificate_get_sha256 (self->certificate),
      .exportable = FALSE,
      .intent = ISS_INTENT_POOL,
      .what_if = what_if,
    };
  IssJob *job;

  for (guint i = from; i < self->servers->len; i++)
    g_ptr_array_add (to, self->servers->pdata[i]);
  job = iss_pool_copy_new (to, &request);
  iss_agents_fixture_run (job);
  return job;
}

static char *
read_file (IssAgentsFixture *self,
           const char       *server,
           const char       *folder,
           GBytes           *hash,
           const char       *suffix)
{
  g_autofree char *hex = iss_text_hex (g_bytes_get_data (hash, NULL), ISS_SHA256_SIZE, FALSE);
  g_autofree char *name = g_strdup_printf ("%s/%s/%s%s", server, folder, hex, suffix);
  g_autofree char *path = iss_temp_folder_dup_path (self->folder, name);
  char *text = NULL;

  g_file_get_contents (path, &text, NULL, NULL);
  return text;
}

/* The same key and certificate on the other's disk, with marks of its own. */
static void
test_copied (IssAgentsFixture *self,
             gconstpointer     unused)
{
  GBytes *spki = iss_certificate_get_spki_sha256 (self->certificate);
  g_autoptr(IssJob) job = NULL;
  g_autoptr(IssJob) again = NULL;
  g_autofree char *ours = NULL;
  g_autofree char *theirs = NULL;
  g_autofree char *mark = NULL;
  g_autofree char *certificate = NULL;
  g_autofree char *audit = NULL;

  import_on_first (self, TRUE);
  iss_agents_fixture_add_dead (self, "fe03.contoso.example");
  job = copy (self, 1, FALSE);
  g_assert_cmpstr (iss_job_entry_get_text (iss_job_get_entry (job, 0)), ==,
                   "imported, key matches");
  g_assert_cmpint (iss_job_entry_get_state (iss_job_get_entry (job, 1)), ==, ISS_JOB_FAILED);
  g_assert_null (iss_pool_copy_get_note (job));

  ours = read_file (self, "fe01", "keys", spki, ".pem");
  theirs = read_file (self, "fe02", "keys", spki, ".pem");
  mark = read_file (self, "fe02", "keys", spki, ".conf");
  certificate = read_file (self, "fe02", "stores/my",
                           iss_certificate_get_sha256 (self->certificate), ".pem");
  g_assert_nonnull (ours);
  g_assert_cmpstr (ours, ==, theirs);
  g_assert_nonnull (strstr (mark, "exportable=false"));
  g_assert_nonnull (certificate);

  audit = iss_temp_folder_read (self->folder, "fe01/audit.jsonl", NULL);
  g_assert_nonnull (strstr (audit, "fe02.contoso.example"));
  g_assert_null (strstr (audit, "fe03.contoso.example"));

  again = copy (self, 1, FALSE);
  g_assert_cmpstr (iss_job_entry_get_text (iss_job_get_entry (again, 0)), ==, "had it already");
}

static void
test_what_if (IssAgentsFixture *self,
              gconstpointer     unused)
{
  GBytes *spki = iss_certificate_get_spki_sha256 (self->certificate);
  g_autoptr(IssJob) job = NULL;
  g_autofree char *theirs = NULL;

  import_on_first (self, TRUE);
  job = copy (self, 1, TRUE);
  g_assert_cmpstr (iss_job_entry_get_text (iss_job_get_entry (job, 0)), ==,
                   "would be copied, with its key");
  theirs = read_file (self, "fe02", "keys", spki, ".pem");
  g_assert_null (theirs);
}

/* A key that must not leave does not, and nobody copies to where it comes from. */
static void
test_refused (IssAgentsFixture *self,
              gconstpointer     unused)
{
  GBytes *spki = iss_certificate_get_spki_sha256 (self->certificate);
  g_autoptr(IssJob) job = NULL;
  g_autofree char *theirs = NULL;

  import_on_first (self, FALSE);
  job = copy (self, 0, FALSE);
  g_assert_error (iss_job_entry_get_error (iss_job_get_entry (job, 0)), ISS_ERROR,
                  ISS_ERROR_INVALID_ARGUMENT);
  g_assert_error (iss_job_entry_get_error (iss_job_get_entry (job, 1)), ISS_ERROR,
                  ISS_ERROR_REFUSED);
  g_assert_true (g_str_has_prefix (iss_job_entry_get_text (iss_job_get_entry (job, 1)),
                                   "fe01: The private key is marked as not exportable"));
  theirs = read_file (self, "fe02", "keys", spki, ".pem");
  g_assert_null (theirs);
}

#define ADD(name, func) \
  g_test_add ("/pool-copy/" name, IssAgentsFixture, GUINT_TO_POINTER (2), \
              iss_agents_fixture_set_up, func, iss_agents_fixture_tear_down)

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  ADD ("copied", test_copied);
  ADD ("what-if", test_what_if);
  ADD ("refused", test_refused);

  return g_test_run ();
}
