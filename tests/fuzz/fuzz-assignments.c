/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/assignment/assignments.h"
#include "tests/fuzz/target.h"
#include "tests/lib/temp-folder.h"

#include <stdlib.h>

#define A "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define B "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"

typedef struct
{
  IssTempFolder *folder;
  IssRootFolder *root;
} Server;

static Server *
get_server (void)
{
  static Server server;

  return &server;
}

static void
free_server (void)
{
  Server *server = get_server ();

  g_clear_object (&server->root);
  g_clear_pointer (&server->folder, iss_temp_folder_free);
}

/* One folder for all inputs. */
static Server *
open_server (void)
{
  Server *server = get_server ();

  if (server->folder == NULL)
    {
      g_autoptr(GError) error = NULL;

      server->folder = iss_temp_folder_new ();
      server->root = iss_root_folder_open (iss_temp_folder_get_path (server->folder), TRUE, &error);
      g_assert_no_error (error);
      atexit (free_server);
    }

  return server;
}

void
iss_target_add_seeds (GPtrArray *seeds)
{
  iss_seeds_add_text (seeds,
                      "# By hand\n"
                      "[OAuthTokenIssuer]\n"
                      "revision=3\n"
                      "scope=global\n"
                      "current=" A "\n"
                      "previous=" B "\n"
                      "current-since=2026-11-20T10:00:00Z\n");
  iss_seeds_add_text (seeds, "[Default]\nrevision=1\nscope=local\ncurrent=" A "\n"
                             "staged=" B "\nstaged-at=2027-11-20T10:00:00Z\n");
}

/* What was read can be changed, written and read again. */
static void
change (IssAssignments *assignments,
        IssRootFolder  *root)
{
  const IssCertificateType *type = iss_certificate_type_find ("OAuthTokenIssuer");
  g_autoptr(GHashTable) by_certificate = iss_assignments_dup_by_certificate (assignments);
  g_autoptr(IssAssignments) again = NULL;
  g_autoptr(GError) error = NULL;
  gboolean is_changed;

  for (guint i = 0; i < iss_assignments_get_n (assignments); i++)
    g_assert_nonnull (iss_assignments_get (assignments, i)->type);

  if (!iss_assignments_set (assignments, type, B, 1814313600, &is_changed, &error))
    {
      iss_seeds_assert_refused (FALSE, error);
      return;
    }

  iss_assignments_save (assignments, root, &error);
  g_assert_no_error (error);
  again = iss_assignments_load (root, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (iss_assignments_find (again, type)->slot[ISS_SLOT_CURRENT], ==, B);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data,
                        size_t         size)
{
  Server *server = open_server ();
  g_autofree char *path = iss_temp_folder_write (server->folder, "assignments.conf",
                                                 data, (gssize) size);
  g_autoptr(GError) error = NULL;
  g_autoptr(IssAssignments) assignments = iss_assignments_load (server->root, &error);

  iss_seeds_assert_refused (assignments != NULL, error);
  if (assignments != NULL)
    change (assignments, server->root);

  return 0;
}
