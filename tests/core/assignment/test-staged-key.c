/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/assignment/staged-key.h"

#include "tests/lib/temp-folder.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <sys/acl.h>
#include <unistd.h>

#define NOW 1814313600    /* 2027-06-30T00:00:00Z */

typedef struct
{
  IssTempFolder *temp;
  char          *key;
  int            folder;
} Fixture;

static void
set_up (Fixture       *fixture,
        gconstpointer  user_data)
{
  fixture->temp = iss_temp_folder_new ();
  fixture->key = iss_temp_folder_write (fixture->temp, ISS_STAGED_KEY_NAME, "key", -1);
  g_assert_no_errno (g_chmod (fixture->key, 0600));
  fixture->folder = open (iss_temp_folder_get_path (fixture->temp), O_RDONLY | O_DIRECTORY);
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  user_data)
{
  close (fixture->folder);
  g_free (fixture->key);
  iss_temp_folder_free (fixture->temp);
}

static IssStagedKey
look (Fixture *fixture)
{
  IssStagedKey self = { FALSE };

  iss_staged_key_look (&self, fixture->folder);

  return self;
}

/* What came of a trial holds as long as it is the same file, that the same accounts may read. */
static void
test_trial (Fixture       *fixture,
            gconstpointer  user_data)
{
  g_autofree char *other = iss_temp_folder_dup_path (fixture->temp, "other");
  IssStagedKey tried = look (fixture);
  IssStagedKey now = look (fixture);
  acl_t acl = acl_from_text ("u::rw-,u:1:r--,g::---,m::r--,o::---");

  g_assert_true (tried.is_there);
  iss_staged_key_set (&tried, NOW, "Permission denied", TRUE);
  iss_staged_key_take_trial (&now, &tried);
  g_assert_cmpint (now.tried, ==, NOW);
  g_assert_false (now.readable);
  g_assert_cmpstr (now.why_not, ==, "Permission denied");
  g_assert_true (now.grantable);
  iss_staged_key_clear (&now);

  /* Another name of the file does not change who may read it. */
  g_assert_no_errno (link (fixture->key, other));
  now = look (fixture);
  iss_staged_key_take_trial (&now, &tried);
  g_assert_cmpint (now.tried, ==, NOW);
  iss_staged_key_clear (&now);

  g_assert_no_errno (acl_set_file (fixture->key, ACL_TYPE_ACCESS, acl));
  now = look (fixture);
  iss_staged_key_take_trial (&now, &tried);
  g_assert_cmpint (now.tried, ==, 0);

  g_assert_no_errno (g_unlink (fixture->key));
  now = look (fixture);
  g_assert_false (now.is_there);
  iss_staged_key_take_trial (&now, &tried);
  g_assert_cmpint (now.tried, ==, 0);

  acl_free (acl);
  iss_staged_key_clear (&tried);
}

static void
test_record (Fixture       *fixture,
             gconstpointer  user_data)
{
  static const char *const reasons[] = { NULL, "Permission denied" };

  for (guint i = 0; i < G_N_ELEMENTS (reasons); i++)
    {
      g_autoptr(GKeyFile) file = g_key_file_new ();
      IssStagedKey self = look (fixture);
      IssStagedKey read = { FALSE };

      iss_staged_key_set (&self, NOW, reasons[i], TRUE);
      iss_staged_key_write (&self, file, "reload");
      g_assert_true (iss_staged_key_read (&read, file, "reload"));
      g_assert_cmpuint (read.inode, ==, self.inode);
      g_assert_cmpuint (read.permissions, ==, self.permissions);
      g_assert_cmpint (read.tried, ==, NOW);
      g_assert_cmpint (read.readable, ==, reasons[i] == NULL);
      g_assert_cmpstr (read.why_not, ==, reasons[i]);
      g_assert_cmpint (read.grantable, ==, reasons[i] != NULL);
      iss_staged_key_clear (&self);
      iss_staged_key_clear (&read);

      /* That no reason is recorded does not make it readable, then or later. */
      g_key_file_remove_key (file, "reload", "staged-key-reason", NULL);
      g_assert_true (iss_staged_key_read (&read, file, "reload"));
      g_assert_cmpint (read.readable, ==, reasons[i] == NULL);
      self = look (fixture);
      iss_staged_key_take_trial (&self, &read);
      g_assert_cmpint (self.tried, ==, NOW);
      g_assert_cmpint (self.readable, ==, reasons[i] == NULL);
      iss_staged_key_clear (&self);
      iss_staged_key_clear (&read);

      g_key_file_set_string (file, "reload", "staged-key-tried", "yesterday");
      g_assert_false (iss_staged_key_read (&read, file, "reload"));
    }
}

/* From a server anything may come. */
static void
test_wire (Fixture       *fixture,
           gconstpointer  user_data)
{
  static const struct
  {
    const char *text;
    gboolean    is_sound;
    gboolean    is_there;
    gboolean    grantable;
  } cases[] =
  {
    { "@a{sv} {}", TRUE, FALSE },
    { "{'staged-key': <true>}", TRUE, FALSE },
    { "{'staged-key': <(int64 0, true, '')>}", TRUE, TRUE },
    { "{'staged-key': <(int64 1, false, 'a\\nb')>}", TRUE, TRUE },
    { "{'staged-key': <(int64 1, false, '')>, 'staged-key-grantable': <true>}", TRUE, TRUE, TRUE },
    { "{'staged-key': <(int64 1, true, '')>, 'staged-key-grantable': <true>}", TRUE, TRUE },
    { "{'staged-key': <(int64 -1, false, '')>}", FALSE, FALSE },
    { "{'staged-key': <(int64 9223372036854775807, false, '')>}", FALSE, FALSE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GVariant) variant = g_variant_ref_sink (g_variant_new_parsed (cases[i].text));
      IssStagedKey self = { FALSE };

      g_assert_cmpint (iss_staged_key_lookup (&self, variant), ==, cases[i].is_sound);
      g_assert_cmpint (self.is_there, ==, cases[i].is_there);
      g_assert_cmpint (self.grantable, ==, cases[i].grantable);
      g_assert_true (self.why_not == NULL || strchr (self.why_not, '\n') == NULL);
      iss_staged_key_clear (&self);
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add ("/staged-key/trial", Fixture, NULL, set_up, test_trial, tear_down);
  g_test_add ("/staged-key/record", Fixture, NULL, set_up, test_record, tear_down);
  g_test_add ("/staged-key/wire", Fixture, NULL, set_up, test_wire, tear_down);

  return g_test_run ();
}
