/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Also covers: trash-entry. */
#include "core/store/trash.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/base/error.h"
#include "core/store/certificate-store.h"
#include "core/store/key-file.h"
#include "core/store/properties.h"
#include "tests/core/store/store-fixture.h"

#define NOW ISS_STORE_FIXTURE_NOW
#define DAY (24 * 60 * 60)
#define CRASHED 77

/* What the next changes of the disk do: the nth one ends the program, or fails. */
typedef struct
{
  int      countdown;   /* 0 = nothing */
  gboolean crashes;
} Trouble;

static Trouble trouble;

static gboolean
is_time (void)
{
  if (trouble.countdown == 0 || --trouble.countdown > 0)
    return FALSE;

  if (trouble.crashes)
    _exit (CRASHED);

  errno = EIO;
  return TRUE;
}

/* In the place of the C library's: every change of the disk that the trash makes. */
int
mkdirat (int         folder,
         const char *path,
         mode_t      mode)
{
  return is_time () ? -1 : (int) syscall (SYS_mkdirat, folder, path, mode);
}

int
linkat (int         from,
        const char *path,
        int         to,
        const char *new_path,
        int         flags)
{
  return is_time () ? -1 : (int) syscall (SYS_linkat, from, path, to, new_path, flags);
}

int
unlinkat (int         folder,
          const char *path,
          int         flags)
{
  return is_time () ? -1 : (int) syscall (SYS_unlinkat, folder, path, flags);
}

int
renameat (int         from,
          const char *path,
          int         to,
          const char *new_path)
{
  return is_time () ? -1 : (int) syscall (SYS_renameat2, from, path, to, new_path, 0);
}

int
fsync (int fd)
{
  return is_time () ? -1 : (int) syscall (SYS_fsync, fd);
}

static const char *
hex_of (IssCertificate *certificate)
{
  return iss_certificate_get_sha256_hex (certificate);
}

static void
hold (IssStoreFixture *fixture,
      IssStoreName     store,
      IssCertificate  *certificate,
      IssPrivateKey   *key,
      const char      *name)
{
  const IssProperties said = { (char *) name, NULL, FALSE, ISS_INTENT_POOL, NULL };
  g_autoptr(GError) error = NULL;

  if (key != NULL)
    iss_key_file_save (fixture->root, key, TRUE, "manual", NULL, &error);
  g_assert_no_error (error);
  iss_certificate_store_add (fixture->root, store, certificate, NULL, &error);
  g_assert_no_error (error);
  iss_properties_save (&said, fixture->root, hex_of (certificate), &error);
  g_assert_no_error (error);
}

static gboolean
holds (IssStoreFixture *fixture,
       IssStoreName     store,
       IssCertificate  *certificate)
{
  return iss_certificate_store_contains (fixture->root, store, hex_of (certificate));
}

static gboolean
has_key (IssStoreFixture *fixture,
         IssCertificate  *certificate)
{
  return iss_key_file_get_state (fixture->root, iss_certificate_get_spki_sha256 (certificate)) ==
         ISS_KEY_STATE_FILE;
}

static char *
dup_name (IssStoreFixture *fixture,
          IssCertificate  *certificate)
{
  g_auto(IssProperties) said = { NULL };
  g_autoptr(GError) error = NULL;

  iss_properties_load (&said, fixture->root, hex_of (certificate), &error);
  g_assert_no_error (error);
  return g_strdup (said.friendly_name);
}

static void
assert_name (IssStoreFixture *fixture,
             IssCertificate  *certificate,
             const char      *expected)
{
  g_autofree char *name = dup_name (fixture, certificate);

  g_assert_cmpstr (name, ==, expected);
}

static char **
put (IssStoreFixture  *fixture,
     IssStoreName      store,
     IssCertificate   *first,
     IssCertificate   *second,
     gint64            now)
{
  const char *const hashes[] = { hex_of (first), second != NULL ? hex_of (second) : NULL, NULL };
  g_autoptr(GError) error = NULL;
  char **ids = iss_trash_put (fixture->root, store, hashes, now, "alice", &error);

  g_assert_no_error (error);
  g_assert_nonnull (ids);
  return ids;
}

static void
restore (IssStoreFixture *fixture,
         char           **ids,
         guint            n_expected)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) back = iss_trash_restore (fixture->root, (const char *const *) ids, FALSE,
                                                 &error);

  g_assert_no_error (error);
  g_assert_cmpuint (back->len, ==, n_expected);
}

static GPtrArray *
list (IssStoreFixture *fixture)
{
  g_autoptr(GError) error = NULL;
  GPtrArray *entries = iss_trash_list (fixture->root, 100, NULL, &error);

  g_assert_no_error (error);
  return entries;
}

static void
test_trash_round_trip (IssStoreFixture *fixture,
                       gconstpointer    unused)
{
  g_auto(GStrv) ids = NULL;
  g_autoptr(GPtrArray) entries = NULL;
  const IssTrashEntry *entry;

  hold (fixture, ISS_STORE_MY, fixture->leaf, fixture->leaf_key, "Token issuer");
  hold (fixture, ISS_STORE_MY, fixture->other, NULL, "Other");

  ids = put (fixture, ISS_STORE_MY, fixture->leaf, fixture->other, NOW);
  g_assert_cmpuint (g_strv_length (ids), ==, 2);
  g_assert_false (holds (fixture, ISS_STORE_MY, fixture->leaf));
  g_assert_false (holds (fixture, ISS_STORE_MY, fixture->other));
  assert_name (fixture, fixture->leaf, NULL);
  g_assert_true (has_key (fixture, fixture->leaf));

  entries = list (fixture);
  g_assert_cmpuint (entries->len, ==, 2);
  for (guint i = 0; i < entries->len; i++)
    {
      entry = g_ptr_array_index (entries, i);
      g_assert_cmpint (entry->store, ==, ISS_STORE_MY);
      g_assert_cmpint (entry->deleted, ==, NOW);
      g_assert_cmpstr (entry->who, ==, "alice");
      if (!g_str_equal (entry->sha256_hex, hex_of (fixture->leaf)))
        continue;

      g_assert_cmpstr (entry->id, ==, ids[0]);
      g_assert_cmpstr (entry->issued_to, ==, "fe01.contoso.example");
      g_assert_cmpstr (entry->friendly_name, ==, "Token issuer");
      g_assert_true (entry->has_key);
    }

  restore (fixture, ids, 2);
  g_assert_true (holds (fixture, ISS_STORE_MY, fixture->leaf));
  g_assert_true (holds (fixture, ISS_STORE_MY, fixture->other));
  assert_name (fixture, fixture->leaf, "Token issuer");
  g_assert_true (has_key (fixture, fixture->leaf));
  g_assert_cmpuint (iss_store_fixture_count (fixture, "trash"), ==, 0);

  /* Once more: it is back already. */
  restore (fixture, ids, 0);
}

/* The same certificate in two stores has one set of properties. */
static void
test_trash_two_stores (IssStoreFixture *fixture,
                       gconstpointer    unused)
{
  g_auto(GStrv) first = NULL;
  g_auto(GStrv) second = NULL;

  hold (fixture, ISS_STORE_MY, fixture->leaf, fixture->leaf_key, "Token issuer");
  hold (fixture, ISS_STORE_TRUSTEDPEOPLE, fixture->leaf, NULL, "Token issuer");

  first = put (fixture, ISS_STORE_TRUSTEDPEOPLE, fixture->leaf, NULL, NOW);
  assert_name (fixture, fixture->leaf, "Token issuer");
  second = put (fixture, ISS_STORE_MY, fixture->leaf, NULL, NOW);
  g_assert_cmpstr (first[0], !=, second[0]);
  assert_name (fixture, fixture->leaf, NULL);

  restore (fixture, second, 1);
  g_assert_true (holds (fixture, ISS_STORE_MY, fixture->leaf));
  g_assert_false (holds (fixture, ISS_STORE_TRUSTEDPEOPLE, fixture->leaf));
  restore (fixture, first, 1);
  g_assert_true (holds (fixture, ISS_STORE_TRUSTEDPEOPLE, fixture->leaf));
  assert_name (fixture, fixture->leaf, "Token issuer");
}

static void
test_trash_refused (IssStoreFixture *fixture,
                    gconstpointer    unused)
{
  const char *const missing[] = { hex_of (fixture->leaf), hex_of (fixture->other), NULL };
  const char *const twice[] = { hex_of (fixture->leaf), hex_of (fixture->leaf), NULL };
  const char *const odd[] = { "../my", NULL };
  const struct
    {
      const char        *label;
      IssStoreName       store;
      const char *const *hashes;
      IssError           code;
    } cases[] =
    {
      { "system's store", ISS_STORE_AUTHROOT, twice, ISS_ERROR_REFUSED },
      { "one is not there", ISS_STORE_MY, missing, ISS_ERROR_NOT_FOUND },
      { "not in that store", ISS_STORE_ROOT, missing, ISS_ERROR_NOT_FOUND },
      { "named twice", ISS_STORE_MY, twice, ISS_ERROR_INVALID_ARGUMENT },
      { "no name of a certificate", ISS_STORE_MY, odd, ISS_ERROR_INVALID_ARGUMENT },
    };

  hold (fixture, ISS_STORE_MY, fixture->leaf, fixture->leaf_key, "Token issuer");

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GError) error = NULL;

      g_test_message ("%s", cases[i].label);
      g_assert_null (iss_trash_put (fixture->root, cases[i].store, cases[i].hashes, NOW, "alice",
                                    &error));
      g_assert_error (error, ISS_ERROR, (int) cases[i].code);
      g_assert_true (holds (fixture, ISS_STORE_MY, fixture->leaf));
      g_assert_cmpuint (iss_store_fixture_count (fixture, "trash"), ==, 0);
    }
}

static void
expect_no_restore (IssStoreFixture *fixture,
                   const char      *label,
                   const char      *id,
                   const char      *other_id,
                   IssError         code)
{
  const char *const ids[] = { id, other_id, NULL };
  g_autoptr(GError) error = NULL;

  g_test_message ("%s", label);
  g_assert_null (iss_trash_restore (fixture->root, ids, FALSE, &error));
  g_assert_error (error, ISS_ERROR, (int) code);
}

static void
test_trash_restore_refused (IssStoreFixture *fixture,
                            gconstpointer    unused)
{
  g_autofree char *gone = g_strconcat ("1-", hex_of (fixture->other), NULL);
  g_auto(GStrv) ids = NULL;

  hold (fixture, ISS_STORE_MY, fixture->leaf, fixture->leaf_key, "Token issuer");
  ids = put (fixture, ISS_STORE_MY, fixture->leaf, NULL, NOW);

  expect_no_restore (fixture, "gone", ids[0], gone, ISS_ERROR_NOT_FOUND);
  expect_no_restore (fixture, "a path", "..", NULL, ISS_ERROR_INVALID_ARGUMENT);
  expect_no_restore (fixture, "twice", ids[0], ids[0], ISS_ERROR_INVALID_ARGUMENT);
  g_assert_false (holds (fixture, ISS_STORE_MY, fixture->leaf));

  /* Imported again since, and called something else. */
  hold (fixture, ISS_STORE_MY, fixture->leaf, NULL, "Renamed");
  expect_no_restore (fixture, "something else is there", ids[0], NULL, ISS_ERROR_EXISTS);
  assert_name (fixture, fixture->leaf, "Renamed");
  g_assert_cmpuint (iss_store_fixture_count (fixture, "trash"), ==, 1);
}

static void
test_trash_damaged (IssStoreFixture *fixture,
                    gconstpointer    unused)
{
  g_auto(GStrv) ids = NULL;
  g_autofree char *entry = NULL;
  g_autofree char *certificate = NULL;
  g_autoptr(GPtrArray) entries = NULL;
  g_autoptr(GPtrArray) purged = NULL;
  g_autoptr(GError) error = NULL;

  hold (fixture, ISS_STORE_MY, fixture->leaf, fixture->leaf_key, "Token issuer");
  ids = put (fixture, ISS_STORE_MY, fixture->leaf, NULL, NOW);
  entry = g_build_filename ("trash", ids[0], "entry.conf", NULL);
  certificate = g_build_filename ("trash", ids[0], "certificate.pem", NULL);

  iss_store_fixture_write (fixture, entry, "[entry]\nstore=authroot\n");
  expect_no_restore (fixture, "a store that is none of ours", ids[0], NULL, ISS_ERROR_MALFORMED);
  iss_store_fixture_write (fixture, entry, "[entry]\nstore=my\ndeleted=1\nwho=me\n");
  iss_store_fixture_write (fixture, certificate, "no certificate");
  expect_no_restore (fixture, "no certificate", ids[0], NULL, ISS_ERROR_MALFORMED);

  entries = list (fixture);
  g_assert_cmpuint (entries->len, ==, 0);

  /* Whose key that was nobody knows: both stay. */
  purged = iss_trash_purge (fixture->root, NULL, NOW + 100 * DAY, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (purged->len, ==, 0);
  g_assert_true (has_key (fixture, fixture->leaf));
}

static guint
purge (IssStoreFixture *fixture,
       GHashTable      *kept,
       gint64           now)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) purged = iss_trash_purge (fixture->root, kept, now, &error);

  g_assert_no_error (error);
  return purged->len;
}

static void
test_trash_purge (IssStoreFixture *fixture,
                  gconstpointer    unused)
{
  g_autoptr(GHashTable) assigned = g_hash_table_new (g_str_hash, g_str_equal);
  g_auto(GStrv) first = NULL;
  g_auto(GStrv) second = NULL;

  hold (fixture, ISS_STORE_MY, fixture->leaf, fixture->leaf_key, "Token issuer");
  hold (fixture, ISS_STORE_TRUSTEDPEOPLE, fixture->leaf, NULL, "Token issuer");
  hold (fixture, ISS_STORE_MY, fixture->other, fixture->other_key, "Other");
  first = put (fixture, ISS_STORE_MY, fixture->leaf, fixture->other, NOW);

  g_assert_cmpuint (purge (fixture, NULL, NOW + 30 * DAY - 1), ==, 0);
  g_hash_table_add (assigned, (gpointer) hex_of (fixture->other));
  g_assert_cmpuint (purge (fixture, assigned, NOW + 30 * DAY), ==, 1);

  /* The other store still has a certificate of that key. */
  g_assert_true (has_key (fixture, fixture->leaf));
  g_assert_true (has_key (fixture, fixture->other));
  g_assert_cmpuint (purge (fixture, NULL, NOW + 30 * DAY), ==, 1);
  g_assert_false (has_key (fixture, fixture->other));

  second = put (fixture, ISS_STORE_TRUSTEDPEOPLE, fixture->leaf, NULL, NOW + 30 * DAY);
  g_assert_true (has_key (fixture, fixture->leaf));
  g_assert_cmpuint (purge (fixture, NULL, NOW + 60 * DAY), ==, 1);
  g_assert_false (has_key (fixture, fixture->leaf));
  g_assert_cmpuint (iss_store_fixture_count (fixture, "keys"), ==, 0);
  g_assert_cmpuint (iss_store_fixture_count (fixture, "trash"), ==, 0);
}

/* Who knows what a request is that this program cannot read: its key stays. */
static void
test_trash_purge_beside_request (IssStoreFixture *fixture,
                                 gconstpointer    unused)
{
  g_auto(GStrv) ids = NULL;

  hold (fixture, ISS_STORE_MY, fixture->leaf, fixture->leaf_key, "Token issuer");
  ids = put (fixture, ISS_STORE_MY, fixture->leaf, NULL, NOW);
  iss_store_fixture_write (fixture, "stores/request/auth.csr", "a request");

  g_assert_cmpuint (purge (fixture, NULL, NOW + 30 * DAY), ==, 1);
  g_assert_true (has_key (fixture, fixture->leaf));
}

typedef void (* Work) (IssStoreFixture  *fixture,
                       char            **ids);

static void
delete_both (IssStoreFixture  *fixture,
             char            **unused)
{
  const char *const hashes[] = { hex_of (fixture->leaf), hex_of (fixture->other), NULL };
  g_auto(GStrv) ids = iss_trash_put (fixture->root, ISS_STORE_MY, hashes, NOW, "alice", NULL);
}

static void
restore_both (IssStoreFixture  *fixture,
              char            **ids)
{
  g_autoptr(GPtrArray) back = iss_trash_restore (fixture->root, (const char *const *) ids, FALSE,
                                                 NULL);
}

static void
purge_both (IssStoreFixture  *fixture,
            char            **ids)
{
  g_autoptr(GPtrArray) gone = iss_trash_purge (fixture->root, NULL, NOW + 30 * DAY, NULL);
}

/* Returns: whether the work came to an end before its nth change of the disk */
static gboolean
work_with_trouble (IssStoreFixture  *fixture,
                   Work              work,
                   char            **ids,
                   int               n,
                   gboolean          crashes)
{
  gboolean ended;
  int status;
  pid_t child;

  if (!crashes)
    {
      trouble = (Trouble) { n, FALSE };
      work (fixture, ids);
      ended = trouble.countdown > 0;
      trouble = (Trouble) { 0, FALSE };
      return ended;
    }

  child = fork ();
  g_assert_cmpint (child, >=, 0);
  if (child == 0)
    {
      trouble = (Trouble) { n, TRUE };
      work (fixture, ids);
      _exit (0);
    }

  g_assert_cmpint (waitpid (child, &status, 0), ==, child);
  g_assert_true (WIFEXITED (status));
  return WEXITSTATUS (status) == 0;
}

/* Both are in the store with their names, or both are in the trash with them, or both are
 * nowhere; and keys are there unless they are nowhere. */
static guint
judge (IssStoreFixture *fixture)
{
  g_autoptr(GPtrArray) entries = list (fixture);
  gboolean is_there = holds (fixture, ISS_STORE_MY, fixture->leaf);
  gboolean is_gone = !is_there && entries->len == 0;

  g_assert_cmpint (holds (fixture, ISS_STORE_MY, fixture->other), ==, is_there);
  g_assert_cmpuint (entries->len, ==, is_there || is_gone ? 0 : 2);
  g_assert_cmpuint (iss_store_fixture_count (fixture, "trash"), ==, entries->len);
  g_assert_cmpint (has_key (fixture, fixture->leaf), ==, !is_gone);
  g_assert_cmpint (has_key (fixture, fixture->other), ==, !is_gone);
  assert_name (fixture, fixture->leaf, is_there ? "Token issuer" : NULL);
  assert_name (fixture, fixture->other, is_there ? "Other" : NULL);

  for (guint i = 0; i < entries->len; i++)
    {
      const IssTrashEntry *entry = g_ptr_array_index (entries, i);

      g_assert_cmpstr (entry->friendly_name, !=, "");
    }

  return is_there ? 0 : entries->len == 2 ? 1 : 2;
}

/* Everything is in the store again, and the trash is empty. */
static void
start_anew (IssStoreFixture *fixture)
{
  g_autoptr(GPtrArray) entries = list (fixture);

  for (guint i = 0; i < entries->len; i++)
    {
      const IssTrashEntry *entry = g_ptr_array_index (entries, i);
      char *ids[] = { entry->id, NULL };

      restore (fixture, ids, 1);
    }

  hold (fixture, ISS_STORE_MY, fixture->leaf, fixture->leaf_key, "Token issuer");
  hold (fixture, ISS_STORE_MY, fixture->other, fixture->other_key, "Other");
}

/* For each n: the work, cut off at its nth change of the disk; then what a start does. */
static void
check_work (IssStoreFixture *fixture,
            Work             work,
            guint            before,
            guint            after,
            gboolean         crashes)
{
  gboolean seen[3] = { FALSE };
  gboolean ended = FALSE;

  for (int n = 1; !ended; n++)
    {
      g_auto(GStrv) ids = NULL;
      g_autoptr(GError) error = NULL;
      guint state;

      start_anew (fixture);
      if (before == 1)
        ids = put (fixture, ISS_STORE_MY, fixture->leaf, fixture->other, NOW);

      ended = work_with_trouble (fixture, work, ids, n, crashes);
      g_assert_true (iss_trash_mend (fixture->root, &error));
      g_assert_no_error (error);

      /* What has not begun to be purged waits for the next time. */
      if (work == purge_both)
        purge_both (fixture, NULL);

      state = judge (fixture);
      g_test_message ("cut off at change %d: state %u", n, state);
      g_assert_true (state == before || state == after);
      seen[state] = TRUE;
      if (ended)
        g_assert_cmpuint (state, ==, after);
      g_assert_cmpint (n, <, 200);
    }

  g_assert_true (seen[before] || work == purge_both);
}

static void
test_trash_cut_off (IssStoreFixture *fixture,
                    gconstpointer    unused)
{
  check_work (fixture, delete_both, 0, 1, TRUE);
  check_work (fixture, restore_both, 1, 0, TRUE);
  check_work (fixture, purge_both, 1, 2, TRUE);
}

static void
test_trash_disk_fails (IssStoreFixture *fixture,
                       gconstpointer    unused)
{
  check_work (fixture, delete_both, 0, 1, FALSE);
  check_work (fixture, restore_both, 1, 0, FALSE);
  check_work (fixture, purge_both, 1, 2, FALSE);
}

#define ADD(path, func) \
  g_test_add (path, IssStoreFixture, NULL, iss_store_fixture_set_up, func, \
              iss_store_fixture_tear_down)

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  ADD ("/trash/round-trip", test_trash_round_trip);
  ADD ("/trash/two-stores", test_trash_two_stores);
  ADD ("/trash/refused", test_trash_refused);
  ADD ("/trash/restore-refused", test_trash_restore_refused);
  ADD ("/trash/damaged", test_trash_damaged);
  ADD ("/trash/purge", test_trash_purge);
  ADD ("/trash/purge-beside-request", test_trash_purge_beside_request);
  ADD ("/trash/cut-off", test_trash_cut_off);
  ADD ("/trash/disk-fails", test_trash_disk_fails);

  return g_test_run ();
}
