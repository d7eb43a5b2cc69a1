/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/certificate/chain.h"

#include "core/certificate/maker.h"

#include <string.h>

#define START 1767225600 /* 1 January 2026 */
#define DAY (24LL * 60 * 60)
#define NOW (START + 100 * DAY)

/* The certificates a case may name. */
enum
{
  ROOT = 1 << 0,
  MIDDLE = 1 << 1,
  LEAF = 1 << 2,
  SELF = 1 << 3,
  SPOILT = 1 << 4,     /* LEAF with another signature */
  PRETENDER = 1 << 5,  /* issued by LEAF, which is no authority */
  N_CERTIFICATES = 6
};

typedef struct
{
  IssCertificate *certificates[N_CERTIFICATES];
} Fixture;

typedef struct
{
  const char     *name;
  guint           leaf;
  guint           trusted;
  guint           intermediates;
  guint           distrusted;
  gint64          now;
  IssChainStatus  status;
  guint           links;
  const char     *about;    /* must be in the message */
} Case;

static const Case cases[] =
{
  { "trusted", LEAF, ROOT, MIDDLE, 0, NOW, ISS_CHAIN_STATUS_TRUSTED, 3, "Contoso CA" },
  { "all trusted", LEAF, ROOT | MIDDLE | LEAF, 0, 0, NOW, ISS_CHAIN_STATUS_TRUSTED, 3,
    "Contoso CA" },
  { "more than needed", LEAF, ROOT | SELF, ROOT | MIDDLE | LEAF | SELF, SELF, NOW,
    ISS_CHAIN_STATUS_TRUSTED, 3, "leaf.contoso.example" },
  { "root alone", ROOT, ROOT, 0, 0, NOW, ISS_CHAIN_STATUS_TRUSTED, 1, "Contoso CA" },
  { "self-signed, trusted", SELF, SELF, 0, 0, NOW, ISS_CHAIN_STATUS_TRUSTED, 1,
    "self.contoso.example" },
  { "self-signed", SELF, ROOT, 0, 0, NOW, ISS_CHAIN_STATUS_UNTRUSTED_ROOT, 1,
    "self.contoso.example" },
  { "root only an intermediate", LEAF, 0, ROOT | MIDDLE, 0, NOW, ISS_CHAIN_STATUS_UNTRUSTED_ROOT,
    3, "Contoso CA" },
  { "no root", LEAF, 0, MIDDLE, 0, NOW, ISS_CHAIN_STATUS_INCOMPLETE, 2, "Contoso CA" },
  { "no intermediate", LEAF, ROOT, 0, 0, NOW, ISS_CHAIN_STATUS_INCOMPLETE, 1,
    "leaf.contoso.example" },
  { "nothing", LEAF, 0, 0, 0, NOW, ISS_CHAIN_STATUS_INCOMPLETE, 1, "Contoso Issuing" },
  { "trusted in the middle only", LEAF, MIDDLE, 0, 0, NOW, ISS_CHAIN_STATUS_INCOMPLETE, 2,
    "Contoso CA" },
  { "last second", LEAF, ROOT, MIDDLE, 0, START + 200 * DAY, ISS_CHAIN_STATUS_TRUSTED, 3,
    "leaf.contoso.example" },
  { "leaf expired", LEAF, ROOT, MIDDLE, 0, START + 200 * DAY + 1, ISS_CHAIN_STATUS_EXPIRED, 3,
    "“leaf.contoso.example” expired 20 July 2026" },
  { "middle expired", MIDDLE, ROOT, 0, 0, START + 400 * DAY, ISS_CHAIN_STATUS_EXPIRED, 2,
    "Contoso Issuing" },
  { "first second", LEAF, ROOT, MIDDLE, 0, START, ISS_CHAIN_STATUS_TRUSTED, 3,
    "leaf.contoso.example" },
  { "a second too early", LEAF, ROOT, MIDDLE, 0, START - 1, ISS_CHAIN_STATUS_NOT_YET_VALID, 3,
    "leaf.contoso.example" },
  { "leaf distrusted", LEAF, ROOT, MIDDLE, LEAF, NOW, ISS_CHAIN_STATUS_DISTRUSTED, 3,
    "“leaf.contoso.example” is in Untrusted" },
  { "middle distrusted", LEAF, ROOT, MIDDLE, MIDDLE, NOW, ISS_CHAIN_STATUS_DISTRUSTED, 3,
    "“Contoso Issuing” is in Untrusted" },
  { "root distrusted", LEAF, ROOT, MIDDLE, ROOT, NOW, ISS_CHAIN_STATUS_DISTRUSTED, 3,
    "“Contoso CA” is in Untrusted" },
  { "distrusted and expired", LEAF, ROOT, MIDDLE, ROOT, START + 900 * DAY,
    ISS_CHAIN_STATUS_DISTRUSTED, 3, "“Contoso CA” is in Untrusted" },
  { "bad signature", SPOILT, ROOT, MIDDLE, 0, NOW, ISS_CHAIN_STATUS_BAD_SIGNATURE, 3,
    "leaf.contoso.example" },
  { "issuer is no authority", PRETENDER, ROOT, MIDDLE | LEAF, 0, NOW,
    ISS_CHAIN_STATUS_MAY_NOT_ISSUE, 4, "leaf.contoso.example" },
};

static IssCertificate *
make (IssMaker        *maker,
      const char      *common_name,
      gboolean         is_ca,
      gint64           days,
      IssCertificate  *issuer,
      IssPrivateKey   *issuer_key,
      IssPrivateKey  **out_key)
{
  g_autoptr(GError) error = NULL;
  IssCertificate *certificate;
  IssMakerSpec spec =
    {
      .subject_cn = common_name,
      .not_before = START,
      .not_after = START + days * DAY,
      .rsa_bits = 1024,
      .is_ca = is_ca,
      .key_label = common_name,
    };

  certificate = iss_maker_make (maker, &spec, issuer, issuer_key, out_key, &error);
  g_assert_no_error (error);

  return certificate;
}

static IssCertificate *
spoil (IssCertificate *certificate)
{
  g_autoptr(GBytes) der = NULL;
  g_autoptr(GError) error = NULL;
  IssCertificate *spoilt;
  gsize size;
  gconstpointer data = g_bytes_get_data (iss_certificate_get_der (certificate), &size);
  guint8 *copy = g_memdup2 (data, size);

  copy[size - 1] ^= 1;
  der = g_bytes_new_take (copy, size);
  spoilt = iss_certificate_new_from_der (der, &error);
  g_assert_no_error (error);

  return spoilt;
}

static void
fixture_set_up (Fixture       *fixture,
                gconstpointer  unused)
{
  g_autoptr(IssMaker) maker = iss_maker_new ("issuant tests");
  g_autoptr(IssPrivateKey) root_key = NULL;
  g_autoptr(IssPrivateKey) middle_key = NULL;
  g_autoptr(IssPrivateKey) leaf_key = NULL;
  IssCertificate **all = fixture->certificates;

  all[0] = make (maker, "Contoso CA", TRUE, 3650, NULL, NULL, &root_key);
  all[1] = make (maker, "Contoso Issuing", TRUE, 365, all[0], root_key, &middle_key);
  all[2] = make (maker, "leaf.contoso.example", FALSE, 200, all[1], middle_key, &leaf_key);
  all[3] = make (maker, "self.contoso.example", FALSE, 365, NULL, NULL, NULL);
  all[4] = spoil (all[2]);
  all[5] = make (maker, "pretender.contoso.example", FALSE, 200, all[2], leaf_key, NULL);
}

static void
fixture_tear_down (Fixture       *fixture,
                   gconstpointer  unused)
{
  for (guint i = 0; i < N_CERTIFICATES; i++)
    g_assert_finalize_object (fixture->certificates[i]);
}

static GPtrArray *
select_certificates (Fixture *fixture,
                     guint    mask)
{
  g_autoptr(GPtrArray) selected = NULL;

  if (mask == 0)
    return NULL;

  selected = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < N_CERTIFICATES; i++)
    {
      if (mask & (1u << i))
        g_ptr_array_add (selected, g_object_ref (fixture->certificates[i]));
    }

  return g_steal_pointer (&selected);
}

static void
test_chain_cases (Fixture       *fixture,
                  gconstpointer  unused)
{
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GPtrArray) leaves = select_certificates (fixture, cases[i].leaf);
      g_autoptr(GPtrArray) trusted = select_certificates (fixture, cases[i].trusted);
      g_autoptr(GPtrArray) intermediates = select_certificates (fixture, cases[i].intermediates);
      g_autoptr(GPtrArray) distrusted = select_certificates (fixture, cases[i].distrusted);
      IssCertificate *leaf = g_ptr_array_index (leaves, 0);
      IssChain *chain = iss_chain_build (leaf, trusted, intermediates, distrusted, cases[i].now);
      GPtrArray *links = iss_chain_get_links (chain);

      g_test_message ("%s: %s", cases[i].name, iss_chain_get_message (chain));
      g_assert_cmpint (iss_chain_get_status (chain), ==, cases[i].status);
      g_assert_cmpuint (links->len, ==, cases[i].links);
      g_assert_true (g_ptr_array_index (links, 0) == leaf);
      g_assert_nonnull (strstr (iss_chain_get_message (chain), cases[i].about));
      g_assert_false (g_str_has_suffix (iss_chain_get_message (chain), "."));

      g_assert_finalize_object (chain);
    }
}

/* Each link has its own status: what is wrong above it or below it is not its fault. */
static void
test_chain_link_status (Fixture       *fixture,
                        gconstpointer  unused)
{
  static const struct
    {
      guint          leaf;
      guint          trusted;
      guint          intermediates;
      guint          distrusted;
      gint64         now;
      IssChainStatus status[4];
    } links[] =
    {
      { LEAF, ROOT, MIDDLE, 0, NOW, { ISS_CHAIN_STATUS_TRUSTED } },
      { LEAF, 0, ROOT | MIDDLE, 0, NOW,
        { ISS_CHAIN_STATUS_TRUSTED, ISS_CHAIN_STATUS_TRUSTED, ISS_CHAIN_STATUS_UNTRUSTED_ROOT } },
      { LEAF, 0, MIDDLE, 0, NOW, { ISS_CHAIN_STATUS_TRUSTED, ISS_CHAIN_STATUS_INCOMPLETE } },
      { LEAF, ROOT, MIDDLE, MIDDLE, START + 300 * DAY,
        { ISS_CHAIN_STATUS_EXPIRED, ISS_CHAIN_STATUS_DISTRUSTED } },
      { SPOILT, ROOT, MIDDLE, 0, NOW, { ISS_CHAIN_STATUS_BAD_SIGNATURE } },
      { PRETENDER, ROOT, MIDDLE | LEAF, 0, NOW,
        { ISS_CHAIN_STATUS_TRUSTED, ISS_CHAIN_STATUS_MAY_NOT_ISSUE } },
    };

  for (gsize i = 0; i < G_N_ELEMENTS (links); i++)
    {
      g_autoptr(GPtrArray) leaves = select_certificates (fixture, links[i].leaf);
      g_autoptr(GPtrArray) trusted = select_certificates (fixture, links[i].trusted);
      g_autoptr(GPtrArray) intermediates = select_certificates (fixture, links[i].intermediates);
      g_autoptr(GPtrArray) distrusted = select_certificates (fixture, links[i].distrusted);
      g_autoptr(IssChain) chain = iss_chain_build (g_ptr_array_index (leaves, 0), trusted,
                                                   intermediates, distrusted, links[i].now);

      for (guint j = 0; j < iss_chain_get_links (chain)->len; j++)
        {
          g_test_message ("%u.%u: %s", (guint) i, j, iss_chain_get_link_reason (chain, j));
          g_assert_cmpint (iss_chain_get_link_status (chain, j), ==, links[i].status[j]);
        }
    }
}

/* A renewed root has the old one's name and key: the valid one is found. */
static void
test_chain_renewed_root (Fixture       *fixture,
                         gconstpointer  unused)
{
  g_autoptr(IssMaker) maker = iss_maker_new ("issuant tests");
  g_autoptr(IssPrivateKey) key = NULL;
  g_autoptr(IssCertificate) old = make (maker, "Contoso CA", TRUE, 30, NULL, NULL, &key);
  g_autoptr(IssCertificate) leaf = make (maker, "www", FALSE, 365, old, key, NULL);
  g_autoptr(GPtrArray) trusted = g_ptr_array_new ();
  g_autoptr(IssChain) chain = NULL;

  g_ptr_array_add (trusted, old);
  g_ptr_array_add (trusted, fixture->certificates[0]);
  chain = iss_chain_build (leaf, trusted, NULL, NULL, NOW);
  g_assert_cmpint (iss_chain_get_status (chain), ==, ISS_CHAIN_STATUS_TRUSTED);
  g_assert_true (g_ptr_array_index (iss_chain_get_links (chain), 1) == fixture->certificates[0]);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add ("/chain/cases", Fixture, NULL, fixture_set_up, test_chain_cases, fixture_tear_down);
  g_test_add ("/chain/link-status", Fixture, NULL, fixture_set_up, test_chain_link_status,
              fixture_tear_down);
  g_test_add ("/chain/renewed-root", Fixture, NULL, fixture_set_up, test_chain_renewed_root,
              fixture_tear_down);

  return g_test_run ();
}
