/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Also covers: record-check. */
#include "core/pool/record-check.h"

#include <string.h>

#include "core/base/error.h"
#include "core/base/text.h"
#include "core/certificate/self-issued.h"
#include "core/formats/signed-data.h"
#include "core/pool/pool-assign.h"
#include "core/pool/pool-import.h"
#include "tests/core/pool/agents-fixture.h"
#include "tests/lib/wait.h"

#define TYPE "OAuthTokenIssuer"
#define AT ISS_AGENTS_FIXTURE_NOW

/* How far apart the bytes are that are tried; a prime, so that no column is left out. */
#define STEP 61

typedef struct
{
  IssAgentsFixture  agents;
  IssCertificate   *signer;
  IssPrivateKey    *key;
  GPtrArray        *signers;
  char             *text;
  GBytes           *file;
} Fixture;

static void
keep_result_cb (GObject      *object,
                GAsyncResult *result,
                gpointer      user_data)
{
  g_set_object ((GAsyncResult **) user_data, result);
}

static void
import_and_assign (IssAgentsFixture *agents)
{
  const IssImportOptions options = { .automatic_store = TRUE, .intent = ISS_INTENT_POOL };
  const char *const types[] = { TYPE, NULL };
  g_autoptr(IssJob) import = iss_pool_import_new (agents->servers, agents->pfx, agents->password,
                                                  &options);
  g_autoptr(IssJob) assign = NULL;

  iss_agents_fixture_run (import);
  assign = iss_pool_assign_new (agents->pool, agents->servers, types,
                                iss_certificate_get_sha256 (agents->certificate), TRUE, FALSE);
  iss_agents_fixture_run (assign);
}

static char *
write_record (IssAgentsFixture *agents)
{
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GPtrArray) looks = NULL;
  g_autoptr(IssRunSheet) sheet = NULL;
  g_autoptr(GError) error = NULL;

  iss_run_look_async (agents->pool, TYPE, NULL, keep_result_cb, &result);
  iss_wait_until (result != NULL);
  looks = iss_run_look_finish (agents->pool, result, &error);
  g_assert_no_error (error);
  sheet = iss_run_sheet_new (agents->pool, iss_certificate_type_find (TYPE), looks, AT, NULL);

  return iss_roll_record_write (sheet, "alice@laptop", "issuant 0.1");
}

static GBytes *
sign (Fixture    *fixture,
      const char *text)
{
  g_autoptr(GError) error = NULL;
  GBytes *file = iss_roll_record_sign (text, fixture->signer, fixture->key, AT, &error);

  g_assert_no_error (error);

  return file;
}

static void
set_up (Fixture *fixture)
{
  iss_agents_fixture_set_up (&fixture->agents, GUINT_TO_POINTER (2));
  import_and_assign (&fixture->agents);
  iss_agents_fixture_add_dead (&fixture->agents, "fe03.contoso.example");
  fixture->signer = iss_self_issued_make ("alice@laptop", AT, "critical,digitalSignature",
                                          &fixture->key, NULL);
  fixture->signers = g_ptr_array_new_with_free_func (g_object_unref);
  g_ptr_array_add (fixture->signers, g_object_ref (fixture->signer));
  fixture->text = write_record (&fixture->agents);
  fixture->file = sign (fixture, fixture->text);
}

static void
tear_down (Fixture *fixture)
{
  g_free (fixture->text);
  g_bytes_unref (fixture->file);
  g_ptr_array_unref (fixture->signers);
  g_clear_object (&fixture->signer);
  g_clear_object (&fixture->key);
  iss_agents_fixture_tear_down (&fixture->agents, NULL);
}

static IssRecordCheck *
check (Fixture *fixture,
       GBytes  *file)
{
  return iss_record_check_run (file, fixture->signers);
}

static const char *
get_problem (IssRecordCheck *found)
{
  g_assert_cmpuint (found->problems->len, >, 0);
  g_assert_false (iss_record_check_is_good (found));

  return found->problems->pdata[0];
}

static void
test_good (gconstpointer data)
{
  Fixture *fixture = (Fixture *) data;
  static const char *const parts[] =
    { "[issuant-roll-record]\nformat=1\npool=", "\nby=alice@laptop\nprogram=issuant 0.1\n",
      "\n[server fe01.contoso.example]\nanswers=true\n", "\nverdict=agrees\n", "\n[proof 1]\n",
      "\n[log fe02.contoso.example]\n1={\"n\":1,", "\nanswers=false\n" };
  g_autoptr(IssRecordCheck) found = check (fixture, fixture->file);

  for (guint i = 0; i < found->problems->len; i++)
    g_test_message ("%s", (char *) found->problems->pdata[i]);
  g_assert_true (iss_record_check_is_good (found));
  g_assert_cmpuint (found->n_proofs, ==, 2);
  g_assert_cmpuint (found->n_servers, ==, 3);
  g_assert_cmpuint (found->n_entries, >=, 4);
  g_assert_cmpint (found->signed_at, ==, AT);
  g_assert_cmpint (found->made, ==, AT);
  g_assert_cmpstr (found->by, ==, "alice@laptop");
  g_assert_cmpstr (found->type, ==, TYPE);

  for (gsize i = 0; i < G_N_ELEMENTS (parts); i++)
    {
      g_test_message ("%s in %s", parts[i], fixture->text);
      g_assert_nonnull (strstr (fixture->text, parts[i]));
    }
}

/* A byte here and there, in every line, and in each of the signature's. */
static void
test_any_change_is_found (gconstpointer data)
{
  Fixture *fixture = (Fixture *) data;
  gsize size;
  const guint8 *bytes = g_bytes_get_data (fixture->file, &size);
  gsize signature = strlen (fixture->text) + 1;
  gsize line_start = 0;
  guint line = 1;

  for (gsize at = 0; at < size; at++)
    {
      gboolean is_end = bytes[at] == '\n';
      g_autoptr(IssRecordCheck) found = NULL;
      g_autoptr(GBytes) changed = NULL;
      g_autofree char *named = NULL;
      guint8 *copy;

      if (at % STEP == 0 || at == line_start || is_end)
        {
          copy = g_memdup2 (bytes, size);
          copy[at] ^= (guint8) (1 << at % 7);
          changed = g_bytes_new_take (copy, size);
          found = check (fixture, changed);
          /* A certificate that was changed is another's. */
          if (iss_record_check_is_good (found))
            g_error ("byte %" G_GSIZE_FORMAT " of line %u was changed", at, line);

          /* In the text it is named. */
          named = g_strdup_printf (is_end ? "rom line %u on" : "ine %u was changed", line);
          if (at < signature && strstr (get_problem (found), named) == NULL)
            g_error ("byte %" G_GSIZE_FORMAT ", “%s”: %s", at, named,
                     get_problem (found));
        }

      if (is_end)
        {
          line_start = at + 1;
          line++;
        }
    }
}

static GBytes *
replace (GBytes     *file,
         const char *from,
         const char *to)
{
  g_autoptr(GString) text = g_string_new_len (g_bytes_get_data (file, NULL),
                                              (gssize) g_bytes_get_size (file));

  g_assert_cmpuint (g_string_replace (text, from, to, 1), ==, 1);

  return g_string_free_to_bytes (g_steal_pointer (&text));
}

static void
test_changes_are_named (gconstpointer data)
{
  Fixture *fixture = (Fixture *) data;
  static const struct
  {
    const char *from;
    const char *to;
    const char *problem;
  } cases[] =
  {
    { "\nby=alice@laptop\n", "\nby=mallory@laptop\n",
      "Line 6 was changed: “by=alice@laptop” was signed, “by=mallory@laptop” is there" },
    { "\nby=alice@laptop\n", "\nby=alice@laptop\r\n",
      "Line 6 was changed: “by=alice@laptop” was signed, “by=alice@laptop�” is there" },
    { "\nby=alice@laptop\n", "\n",
      "From line 6 on, 1 line was taken away or changed: “by=alice@laptop” was signed" },
    { "\nby=alice@laptop\n", "\nby=alice@laptop\nnote=all is well\n",
      "From line 7 on, 1 line was added: “note=all is well”" },
    { "\n-----END CMS-----\n", "\n-----END CMS-----", NULL },
    { "\n-----END CMS-----\n", "\n-----END CMS-----\n\n", NULL },
    { "\n-----BEGIN CMS-----\n", "\n-----BEGIN PKCS7-----\n",
      "It is not signed: no line says “-----BEGIN CMS-----”" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GBytes) changed = replace (fixture->file, cases[i].from, cases[i].to);
      g_autoptr(IssRecordCheck) found = check (fixture, changed);

      g_test_message ("%s", get_problem (found));
      if (cases[i].problem != NULL)
        g_assert_cmpstr (get_problem (found), ==, cases[i].problem);
    }
}

/* What an administrator who signs can change, and cannot make true. */
static void
test_signed_lies (gconstpointer data)
{
  Fixture *fixture = (Fixture *) data;
  g_autoptr(GKeyFile) file = g_key_file_new ();
  const struct
  {
    const char *group;
    const char *key;
    const char *value;
    const char *problem;    /* contained */
  } cases[] =
  {
    { "proof 1", "time", "2027-01-01T00:00:00Z", "[proof 1] does not prove" },
    { "proof 1", "server-id", "another", "[proof 1] does not prove" },
    { "proof 1", "type", "Default", "[proof 1] does not prove" },
    { "proof 1", "slot", "previous", "[proof 1] does not prove" },
    { "proof 1", "server", "fe03.contoso.example", "[proof 1] does not prove" },
    { "proof 1", "nonce", "00", "[proof 1] does not prove" },
    { "proof 1", "signature", "0000", "[proof 1] does not prove" },
    { "server fe01.contoso.example", "current", "00", "does not prove that fe01" },
    { "server fe01.contoso.example", "log-head", "00", "does not end with" },
    { "log fe01.contoso.example", "2", "{}", "entry 2 is no entry of a log" },
    { "issuant-roll-record", "format", "2", "newer format" },
    { "issuant-roll-record", "made", "", "does not say" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GBytes) signed_file = NULL;
      g_autoptr(IssRecordCheck) found = NULL;
      g_autofree char *text = NULL;

      g_assert_true (g_key_file_load_from_data (file, fixture->text, (gsize) -1, 0, NULL));
      g_key_file_set_string (file, cases[i].group, cases[i].key, cases[i].value);
      text = g_key_file_to_data (file, NULL, NULL);
      signed_file = sign (fixture, text);
      found = check (fixture, signed_file);
      g_test_message ("%s %s: %s", cases[i].group, cases[i].key, get_problem (found));
      g_assert_nonnull (strstr (get_problem (found), cases[i].problem));
    }
}

/* An entry of a log that was changed is missed by the one after it. */
static void
test_changed_log (gconstpointer data)
{
  Fixture *fixture = (Fixture *) data;
  g_autoptr(GKeyFile) file = g_key_file_new ();
  g_autofree char *line = NULL;
  g_autofree char *text = NULL;
  g_autoptr(GString) changed = NULL;
  g_autoptr(GBytes) signed_file = NULL;
  g_autoptr(IssRecordCheck) found = NULL;

  g_assert_true (g_key_file_load_from_data (file, fixture->text, (gsize) -1, 0, NULL));
  line = g_key_file_get_string (file, "log fe01.contoso.example", "1", NULL);
  changed = g_string_new (line);
  g_assert_cmpuint (g_string_replace (changed, "\"who\":\"", "\"who\":\"not-", 1), ==, 1);
  g_key_file_set_string (file, "log fe01.contoso.example", "1", changed->str);
  text = g_key_file_to_data (file, NULL, NULL);
  signed_file = sign (fixture, text);
  found = check (fixture, signed_file);
  g_assert_cmpstr (get_problem (found), ==,
                   "[log fe01.contoso.example] entry 2 does not follow the one before it");
}

static void
test_other_files (gconstpointer data)
{
  Fixture *fixture = (Fixture *) data;
  static const struct
  {
    const char *text;
    const char *problem;   /* contained */
  } cases[] =
  {
    { "", "not signed" },
    { "\n-----BEGIN CMS-----", "not signed" },
    { "\n-----BEGIN CMS-----\nMAA=\n-----END CMS-----\n", "The signature is damaged" },
    { "text\n-----BEGIN CMS-----\n!\n-----END CMS-----\n", "The signature is damaged" },
  };
  g_autoptr(GBytes) other = sign (fixture, "[arm]\nformat=1\n");
  g_autoptr(GBytes) junk = sign (fixture, "no key file");
  g_autoptr(GBytes) huge = g_bytes_new_take (g_malloc0 (13 * 1024 * 1024), 13 * 1024 * 1024);
  g_autoptr(IssRecordCheck) other_found = check (fixture, other);
  g_autoptr(IssRecordCheck) junk_found = check (fixture, junk);
  g_autoptr(IssRecordCheck) huge_found = check (fixture, huge);

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GBytes) file = g_bytes_new_static (cases[i].text, strlen (cases[i].text));
      g_autoptr(IssRecordCheck) found = check (fixture, file);

      g_test_message ("%s", get_problem (found));
      g_assert_nonnull (strstr (get_problem (found), cases[i].problem));
    }

  g_assert_nonnull (strstr (get_problem (other_found), "not a roll record but something else"));
  g_assert_nonnull (strstr (get_problem (junk_found), "cannot be read"));
  g_assert_nonnull (strstr (get_problem (huge_found), "larger than 12 MiB"));
}

static void
test_other_signer (gconstpointer data)
{
  Fixture *fixture = (Fixture *) data;
  g_autoptr(GPtrArray) nobody = g_ptr_array_new ();
  g_autoptr(IssRecordCheck) found = iss_record_check_run (fixture->file, nobody);

  g_assert_cmpuint (found->problems->len, ==, 0);
  g_assert_false (found->is_known);
  g_assert_false (iss_record_check_is_good (found));
  g_assert_cmpstr (iss_certificate_get_issued_to (found->signer), ==, "alice@laptop");
}

static void
test_save (gconstpointer data)
{
  Fixture *fixture = (Fixture *) data;
  const char *folder = iss_temp_folder_get_path (fixture->agents.folder);
  g_autofree char *path = g_build_filename (folder, "record.txt", NULL);
  g_autofree char *nowhere = g_build_filename (folder, "nowhere", "record.txt", NULL);
  g_autoptr(GBytes) loaded = NULL;
  g_autoptr(GError) error = NULL;

  g_assert_true (iss_roll_record_save (fixture->file, path, FALSE, &error));
  g_assert_no_error (error);
  loaded = iss_roll_record_load (path, &error);
  g_assert_no_error (error);
  g_assert_true (g_bytes_equal (loaded, fixture->file));

  g_assert_false (iss_roll_record_save (fixture->file, path, FALSE, &error));
  g_assert_error (error, ISS_ERROR, ISS_ERROR_EXISTS);
  g_clear_error (&error);
  g_assert_true (iss_roll_record_save (fixture->file, path, TRUE, &error));
  g_assert_no_error (error);

  g_assert_false (iss_roll_record_save (fixture->file, nowhere, FALSE, &error));
  g_assert_nonnull (strstr (error->message, "nowhere"));
  g_clear_error (&error);
  g_assert_null (iss_roll_record_load (nowhere, &error));
  g_assert_nonnull (strstr (error->message, "nowhere"));
}

static void
test_too_large (gconstpointer data)
{
  Fixture *fixture = (Fixture *) data;
  g_autofree char *text = g_strnfill (ISS_ROLL_RECORD_MAX_SIZE + 1, 'x');
  g_autoptr(GError) error = NULL;

  g_assert_null (iss_roll_record_sign (text, fixture->signer, fixture->key, AT, &error));
  g_assert_error (error, ISS_ERROR, ISS_ERROR_TOO_LARGE);
}

/* One record is made, for all. */
int
main (int   argc,
      char *argv[])
{
  Fixture fixture = { .signer = NULL };
  int status;

  g_test_init (&argc, &argv, NULL);
  set_up (&fixture);

  g_test_add_data_func ("/roll-record/good", &fixture, test_good);
  g_test_add_data_func ("/roll-record/any-change-is-found", &fixture, test_any_change_is_found);
  g_test_add_data_func ("/roll-record/changes-are-named", &fixture, test_changes_are_named);
  g_test_add_data_func ("/roll-record/signed-lies", &fixture, test_signed_lies);
  g_test_add_data_func ("/roll-record/changed-log", &fixture, test_changed_log);
  g_test_add_data_func ("/roll-record/other-files", &fixture, test_other_files);
  g_test_add_data_func ("/roll-record/other-signer", &fixture, test_other_signer);
  g_test_add_data_func ("/roll-record/save", &fixture, test_save);
  g_test_add_data_func ("/roll-record/too-large", &fixture, test_too_large);
  status = g_test_run ();

  tear_down (&fixture);

  return status;
}
