/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/assignment/live-document.h"

#include <string.h>

#include "core/certificate/jwk.h"
#include "tests/lib/server-folder.h"

static guint
count (const char *text,
       const char *what)
{
  guint n = 0;

  for (const char *at = strstr (text, what); at != NULL; at = strstr (at + 1, what))
    n++;

  return n;
}

/* The staged one before the previous one: those who take the first that fits take the newer. */
static void
test_order (void)
{
  g_autoptr(IssServerFolder) folder = iss_server_folder_new ();
  g_autoptr(IssCertificate) one = iss_server_folder_hold (folder, "one", NULL);
  g_autoptr(IssCertificate) two = iss_server_folder_hold (folder, "two", NULL);
  g_autoptr(IssCertificate) three = iss_server_folder_hold (folder, "three", NULL);
  IssCertificate *slots[ISS_N_SLOTS] = { one, two, three };
  g_autofree char *jwks = iss_live_document_dup_jwks (slots);
  g_autofree char *x5t_one = iss_jwk_dup_x5t (one);
  g_autofree char *x5t_two = iss_jwk_dup_x5t (two);
  g_autofree char *x5t_three = iss_jwk_dup_x5t (three);

  g_assert_cmpuint (count (jwks, "\"kid\""), ==, 3);
  g_assert_true (strstr (jwks, x5t_one) < strstr (jwks, x5t_three));
  g_assert_true (strstr (jwks, x5t_three) < strstr (jwks, x5t_two));

  /* Once, even where it is in two slots; and none is a list, too. */
  slots[ISS_SLOT_STAGED] = two;
  g_free (jwks);
  jwks = iss_live_document_dup_jwks (slots);
  g_assert_cmpuint (count (jwks, "\"kid\""), ==, 2);
  slots[ISS_SLOT_CURRENT] = slots[ISS_SLOT_PREVIOUS] = slots[ISS_SLOT_STAGED] = NULL;
  g_free (jwks);
  jwks = iss_live_document_dup_jwks (slots);
  g_assert_nonnull (strstr (jwks, "\"keys\": []"));
}

static void
test_metadata (void)
{
  g_autoptr(IssServerFolder) folder = iss_server_folder_new ();
  g_autoptr(IssCertificate) one = iss_server_folder_hold (folder, "one", NULL);
  g_autoptr(IssCertificate) two = iss_server_folder_hold (folder, "two", NULL);
  IssCertificate *slots[ISS_N_SLOTS] = { one, NULL, two };
  g_autoptr(IssAssignment) issuer =
    iss_assignment_new (iss_certificate_type_find ("OAuthTokenIssuer"));
  g_autoptr(IssAssignment) server = iss_assignment_new (iss_certificate_type_find ("Default"));
  g_autofree char *metadata = NULL;
  g_autofree char *plain = NULL;
  g_autofree char *x5t = iss_jwk_dup_x5t (two);

  issuer->revision = 7;
  metadata = iss_live_document_dup_metadata (issuer, slots);
  g_assert_true (g_str_has_prefix (metadata, "{\n  \"format\": 1,\n"
                                             "  \"type\": \"OAuthTokenIssuer\",\n"
                                             "  \"revision\": 7,"));
  g_assert_cmpuint (count (metadata, "\"usage\": \"signing\""), ==, 2);
  g_assert_cmpuint (count (metadata, x5t), ==, 2);
  g_assert_nonnull (strstr (metadata, "\"type\": \"x509Certificate\""));
  g_assert_nonnull (strstr (metadata, "\"previous\": null"));
  g_assert_nonnull (strstr (metadata, "\"staged\": {"));

  /* A server's certificate is nobody's token issuer. */
  plain = iss_live_document_dup_metadata (server, slots);
  g_assert_cmpuint (count (plain, "serviceName"), ==, 0);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/live-document/order", test_order);
  g_test_add_func ("/live-document/metadata", test_metadata);

  return g_test_run ();
}
