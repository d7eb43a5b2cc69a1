/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/assignment/adoption.h"

#include <string.h>

#include "core/base/error.h"
#include "tests/lib/server-folder.h"

#define NOW ISS_SERVER_FOLDER_NOW

static IssAssignment *
new_wanted (IssCertificate *current,
            IssCertificate *staged)
{
  IssAssignment *wanted = iss_assignment_new (iss_certificate_type_find ("OAuthTokenIssuer"));

  g_free (wanted->scope);
  wanted->scope = g_strdup ("global");
  wanted->slot[ISS_SLOT_CURRENT] = g_strdup (iss_certificate_get_sha256_hex (current));
  wanted->current_since = NOW;
  if (staged != NULL)
    {
      wanted->slot[ISS_SLOT_STAGED] = g_strdup (iss_certificate_get_sha256_hex (staged));
      wanted->staged_at = NOW + 60;
      wanted->held = TRUE;
    }

  return wanted;
}

static void
test_whole (void)
{
  g_autoptr(IssServerFolder) folder = iss_server_folder_new ();
  g_autoptr(IssCertificate) one = iss_server_folder_hold (folder, "one", "contoso.example");
  g_autoptr(IssCertificate) two = iss_server_folder_hold (folder, "two", "contoso.example");
  IssAssignment *wanted = new_wanted (one, two);
  g_autoptr(IssChangeOutcome) outcome = NULL;
  g_autoptr(IssChangeOutcome) again = NULL;
  g_autoptr(IssAssignments) assignments = NULL;
  g_autofree char *audit = NULL;
  g_autoptr(GError) error = NULL;
  const IssAssignment *assignment;

  outcome = iss_adoption_run (folder->root, wanted, 7, "alice", NOW, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (outcome->changed[0], ==, "OAuthTokenIssuer");
  g_assert_true (outcome->published);

  assignments = iss_assignments_load (folder->root, &error);
  assignment = iss_assignments_find (assignments, wanted->type);
  g_assert_cmpstr (assignment->scope, ==, "global");
  g_assert_cmpuint (assignment->revision, ==, 1);
  g_assert_true (assignment->held);

  again = iss_adoption_run (folder->root, wanted, 7, "alice", NOW, &error);
  g_assert_no_error (error);
  g_assert_null (again->changed[0]);
  audit = iss_temp_folder_read (folder->folder, "audit.jsonl", NULL);
  g_assert_nonnull (strstr (audit, "deploy-package"));
  g_assert_nonnull (strstr (audit, "\"7\""));
  iss_assignment_free (wanted);
}

/* What is not there cannot be used, and nothing is changed. */
static void
test_refused (void)
{
  g_autoptr(IssServerFolder) folder = iss_server_folder_new ();
  g_autoptr(IssPrivateKey) key = NULL;
  g_autoptr(IssCertificate) one = iss_server_folder_hold (folder, "one", "contoso.example");
  g_autoptr(IssCertificate) absent = iss_server_folder_make (folder, "two", NULL, &key);
  IssAssignment *wanted = new_wanted (one, absent);
  g_autofree char *before = iss_temp_folder_dup_listing (folder->folder);
  g_autofree char *after = NULL;
  g_autoptr(GError) error = NULL;

  g_assert_null (iss_adoption_run (folder->root, wanted, 7, "alice", NOW, &error));
  g_assert_error (error, ISS_ERROR, ISS_ERROR_REFUSED);
  after = iss_temp_folder_dup_listing (folder->folder);
  g_assert_cmpstr (before, ==, after);
  iss_assignment_free (wanted);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/adoption/whole", test_whole);
  g_test_add_func ("/adoption/refused", test_refused);

  return g_test_run ();
}
