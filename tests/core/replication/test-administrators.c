/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/replication/administrators.h"

#include <string.h>

#include "core/base/error.h"
#include "core/certificate/maker.h"
#include "core/formats/signed-data.h"

#define NOW 1814313600
#define START 1767225600
#define END 1830297600
#define POOL "pool01.contoso.example"

typedef struct
{
  IssMaker       *maker;
  IssCertificate *alice;
  IssPrivateKey  *alice_key;
  IssCertificate *bob;
  IssPrivateKey  *bob_key;
} Fixture;

static IssCertificate *
make (Fixture        *fixture,
      const char     *name,
      IssPrivateKey **out_key)
{
  const IssMakerSpec spec = { name, NULL, START, END, 2048, FALSE, TRUE, name };
  g_autoptr(GError) error = NULL;
  IssCertificate *certificate = iss_maker_make (fixture->maker, &spec, NULL, NULL, out_key,
                                                &error);

  g_assert_no_error (error);
  return certificate;
}

static void
set_up (Fixture       *fixture,
        gconstpointer  unused)
{
  fixture->maker = iss_maker_new ("administrators");
  fixture->alice = make (fixture, "alice", &fixture->alice_key);
  fixture->bob = make (fixture, "bob", &fixture->bob_key);
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  unused)
{
  g_object_unref (fixture->maker);
  g_object_unref (fixture->alice);
  g_object_unref (fixture->alice_key);
  g_object_unref (fixture->bob);
  g_object_unref (fixture->bob_key);
}

static IssAdministrators *
new_set (const char     *pool,
         guint64         version,
         IssCertificate *one,
         IssCertificate *other)
{
  g_autoptr(GPtrArray) certificates = g_ptr_array_new ();

  g_ptr_array_add (certificates, one);
  if (other != NULL)
    g_ptr_array_add (certificates, other);

  return iss_administrators_new (pool, version, certificates);
}

static GBytes *
sign (Fixture                 *fixture,
      const IssAdministrators *set,
      gboolean                 by_bob)
{
  g_autoptr(GError) error = NULL;
  GBytes *message = iss_administrators_sign (set, by_bob ? fixture->bob : fixture->alice,
                                             by_bob ? fixture->bob_key : fixture->alice_key,
                                             NOW, &error);

  g_assert_no_error (error);
  return message;
}

/* The first by one of its own, then bob is added, then alice is removed by bob. */
static void
test_rotation (Fixture       *fixture,
               gconstpointer  unused)
{
  g_autoptr(IssAdministrators) first = new_set (POOL, 1, fixture->alice, NULL);
  g_autoptr(IssAdministrators) second = new_set (POOL, 2, fixture->bob, fixture->alice);
  g_autoptr(IssAdministrators) third = new_set (POOL, 7, fixture->bob, NULL);
  g_autoptr(GBytes) one = sign (fixture, first, FALSE);
  g_autoptr(GBytes) two = sign (fixture, second, FALSE);
  g_autoptr(GBytes) three = sign (fixture, third, TRUE);
  g_autoptr(IssAdministrators) read_one = NULL;
  g_autoptr(IssAdministrators) read_two = NULL;
  g_autoptr(IssAdministrators) read_three = NULL;
  g_autoptr(IssAdministrators) kept = NULL;
  g_autoptr(GError) error = NULL;

  read_one = iss_administrators_verify (one, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (read_one->certificates->len, ==, 1);
  read_two = iss_administrators_verify (two, read_one, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (read_two->certificates->len, ==, 2);
  read_three = iss_administrators_verify (three, read_two, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (read_three->version, ==, 7);
  g_assert_cmpstr (read_three->pool, ==, POOL);

  kept = iss_administrators_read (three, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (kept->version, ==, 7);
}

static void
test_refused (Fixture       *fixture,
              gconstpointer  unused)
{
  g_autoptr(IssAdministrators) alices = new_set (POOL, 5, fixture->alice, NULL);
  g_autoptr(IssAdministrators) bobs = new_set (POOL, 6, fixture->bob, NULL);
  g_autoptr(IssAdministrators) old = new_set (POOL, 5, fixture->alice, fixture->bob);
  g_autoptr(IssAdministrators) others = new_set ("pool02", 6, fixture->alice, NULL);
  g_autoptr(IssAdministrators) twice = new_set (POOL, 6, fixture->alice, fixture->alice);
  g_autoptr(IssAdministrators) versionless = new_set (POOL, 0, fixture->alice, NULL);
  const struct
  {
    const IssAdministrators *set;
    const IssAdministrators *before;
    gboolean                 by_bob;
    int                      code;
    const char              *says;
  } cases[] =
  {
    { bobs, NULL, FALSE, ISS_ERROR_REFUSED, "nobody who is in it" },
    { bobs, alices, TRUE, ISS_ERROR_REFUSED, "not allowed to sign" },
    { old, alices, FALSE, ISS_ERROR_REFUSED, "version 5 holds already" },
    { others, alices, FALSE, ISS_ERROR_REFUSED, "another pool" },
    { twice, alices, FALSE, ISS_ERROR_MALFORMED, "named twice" },
    { versionless, NULL, FALSE, ISS_ERROR_MALFORMED, "no version" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GBytes) message = sign (fixture, cases[i].set, cases[i].by_bob);
      g_autoptr(GError) error = NULL;

      g_assert_null (iss_administrators_verify (message, cases[i].before, &error));
      g_test_message ("%s", error->message);
      g_assert_error (error, ISS_ERROR, cases[i].code);
      g_assert_nonnull (strstr (error->message, cases[i].says));
    }
}

/* Something else that alice has signed is no set. */
static void
test_other_content (Fixture       *fixture,
                    gconstpointer  unused)
{
  g_autoptr(GBytes) content = g_bytes_new_static ("issuant roll record 1", 21);
  g_autoptr(GError) error = NULL;
  g_autoptr(GBytes) message = iss_signed_data_sign (content, fixture->alice, fixture->alice_key,
                                                    NOW, &error);

  g_assert_no_error (error);
  g_assert_null (iss_administrators_verify (message, NULL, &error));
  g_assert_error (error, ISS_ERROR, ISS_ERROR_MALFORMED);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add ("/administrators/rotation", Fixture, NULL, set_up, test_rotation, tear_down);
  g_test_add ("/administrators/refused", Fixture, NULL, set_up, test_refused, tear_down);
  g_test_add ("/administrators/other-content", Fixture, NULL, set_up, test_other_content,
              tear_down);

  return g_test_run ();
}
